import '@cognate/elements/translate';
