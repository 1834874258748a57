import '@cognate/elements/imagine';
