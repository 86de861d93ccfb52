// Takes one measurement at a time; the driver in Node calls these functions.
import { openers } from "./subjects.js";

let client;
let held; // what a memory measurement keeps
let animation;

const timed = async work => {
  const began = performance.now();
  const got = await work();
  return { ...got, seconds: (performance.now() - began) / 1000 };
};

globalThis.bench = {
  async open(subject, server) {
    client = await openers[subject](server);
  },
  async close() {
    held = undefined;
    await client?.close();
    client = undefined;
  },
  read: (query, parameters) => timed(() => client.read(query, parameters)),
  graph: (query, parameters) => timed(() => client.graph(query, parameters)),
  /**
   * Small queries, so many of them under way at once; how is the client's function for one. Gives nothing where the
   * client has no such function.
   */
  trips(query, parameters, count, how, together) {
    if (!client[how]) return undefined;
    let left = count;
    const oneByOne = async () => {
      while (left-- > 0) await client[how](query, parameters);
    };
    return timed(async () => {
      await Promise.all(Array.from({ length: together }, oneByOne));
      return { rows: count };
    });
  },
  /** Milliseconds until the first record is here. */
  async first(query, parameters) {
    const began = performance.now();
    let first = 0;
    await client.read(query, parameters, () => {
      first = performance.now() - began;
    });
    return first;
  },
  /** Has the page animate until still is called. */
  async animate() {
    animation = animate();
    await new Promise(resolve => setTimeout(resolve, 100));
  },
  /** Ends the animation, and tells what it felt: the longest task, and the longest time between two frames. */
  async still() {
    await new Promise(resolve => setTimeout(resolve, 100)); // for the observer to hear of the last task
    return animation.stop();
  },
  /** Keeps a whole result: its records, its columns or its graph. */
  async hold(how, query, parameters) {
    held = await client[how](query, parameters);
    return held !== undefined;
  },
  drop() {
    held = undefined;
  },
};

function animate() {
  const tasks = [];
  const observer = globalThis.PerformanceObserver?.supportedEntryTypes.includes("longtask")
    ? new PerformanceObserver(list => tasks.push(...list.getEntries().map(entry => entry.duration)))
    : undefined;
  observer?.observe({ type: "longtask" });
  const box = document.getElementById("box");
  let longestFrame = 0;
  let last = performance.now();
  let running = true;
  const step = now => {
    longestFrame = Math.max(longestFrame, now - last);
    last = now;
    box.style.transform = `translateX(${(now / 5) % 400}px)`;
    if (running) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
  return {
    stop() {
      running = false;
      observer?.disconnect();
      return { longestTask: Math.max(0, ...tasks), longestFrame };
    },
  };
}
