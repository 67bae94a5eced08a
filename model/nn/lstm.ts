/** The LSTM as a cell of a recurrent network. */
import { lstmCell } from "./lstm_cell.ts";
import type { Cell } from "./recurrent_cell.ts";

/** Creates an LSTM as a cell: it reads `gates`, W_ih x + b_ih + b_hh. */
export function lstm(H: number): Cell {
  return {
    parameters: ["weight_hh"],
    inputs: { gates: 4 * H },
    states: { h: H, c: H },
    step(x) {
      const { h, c } = lstmCell(x.gates!, { h: x.h!, c: x.c! }, x.weight_hh!);
      return { h, c };
    },
  };
}
