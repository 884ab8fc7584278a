export {};
//# sourceMappingURL=collectors.js.map