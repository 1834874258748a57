// Stands in for the native image library that transformers.js imports in Node: the browser never uses it,
// and in Node this project hands over pixels of the final size.
module.exports = function sharp() {
  throw new Error('sharp() is not installed: pictures are decoded in the browser');
};
