/** All of Cognate for a stranger's page, as one script: `<script type="module" src=".../assets/cognate.js">`. */
export * from './index.ts';
export { connect } from '@cognate/web-workers';
