import '@cognate/elements/blend';
