export { breather, type Breathe } from '@cognate/core';
