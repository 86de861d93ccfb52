/** Go's support script, which the build makes into a function: called, it defines the global Go. */
export default function defineGo(): void;
