import '@cognate/elements';
