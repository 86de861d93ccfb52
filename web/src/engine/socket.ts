// Copies a WebSocket's bytes to and from the engine's memory, in one call each. client/dial (Go) does everything else:
// events go into a queue, from which it reads opening, closing and texts.

/** Events of a WebSocket that are not read yet; offset is how many bytes of the first were read. */
type Queue = MessageEvent[] & { offset?: number };

/** The functions of the host for sockets; UseSockets in package dial (Go) documents them. */
export interface SocketHost {
  takeBytes(queue: Queue, arm: () => void, address: number, size: number): number;
  sendBytes(socket: WebSocket, limit: number, address: number, size: number): boolean;
}

export function socketHost(memory: WebAssembly.Memory): SocketHost {
  return {
    takeBytes(queue, arm, address, size) {
      if (queue.length === 0) arm();
      let taken = 0;
      while (queue.length > 0 && taken < size) {
        const { data } = queue[0]!;
        if (!(data instanceof ArrayBuffer)) return taken || -1;
        const offset = queue.offset ?? 0;
        const length = Math.min(size - taken, data.byteLength - offset);
        new Uint8Array(memory.buffer, address + taken, length).set(new Uint8Array(data, offset, length));
        taken += length;
        if (offset + length === data.byteLength) queue.shift();
        queue.offset = queue.length > 0 && offset + length < data.byteLength ? offset + length : 0;
      }
      return taken;
    },
    sendBytes(socket, limit, address, size) {
      if (socket.readyState !== 1 || socket.bufferedAmount > limit) return false;
      socket.send(new Uint8Array(memory.buffer as ArrayBuffer, address, size));
      return true;
    },
  };
}
