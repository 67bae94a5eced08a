/** Workers: JavaScript threads, each with modules of its own. */

/** A worker that is listened to. */
export interface TalkingWorker<To> {
  /** Sends it a message. */
  tell: (message: To) => void;
  /** Ends it, whatever it is doing. */
  terminate: () => void;
}

/**
 * Listens to a worker that has just been made.
 *
 * @param onMessage Receives its messages.
 * @param onError Receives errors that it could not catch, such as a module that cannot be loaded.
 */
export function talkToWorker<To, From>(
  worker: Worker,
  onMessage: (message: From) => void,
  onError: (error: Error) => void,
): TalkingWorker<To> {
  worker.onmessage = ({ data }: MessageEvent<From>) => onMessage(data);
  worker.onerror = (event) => {
    event.preventDefault();
    onError(new Error(event.message));
  };
  return { tell: (message) => worker.postMessage(message), terminate: () => worker.terminate() };
}
