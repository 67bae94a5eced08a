/** The stages and folders that a model is made of. */
import type { GivenFolder } from "../files/given_folder.ts";
import type { Stage } from "./stage.ts";

/** The materials of a model by name: those that its system needs, or the source's model. */
export type Needs = {
  readonly sourceModel?: Stage;
  readonly encoder?: Stage | GivenFolder;
  readonly vectors?: Stage | GivenFolder;
  readonly forward?: Stage;
  readonly backward?: Stage;
  readonly bart?: Stage | GivenFolder;
};
