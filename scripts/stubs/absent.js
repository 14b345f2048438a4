// Stands in for packages that are optional where they are imported and must not come into the bundle.
export default {};
export const Client = undefined;
