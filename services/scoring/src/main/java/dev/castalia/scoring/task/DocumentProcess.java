package dev.castalia.scoring.task;

import dev.castalia.scoring.TaskException;
import dev.castalia.scoring.task.helper.FunctionReference;
import dev.castalia.scoring.task.helper.Helper;
import dev.castalia.scoring.task.helper.Helpers;
import java.util.List;
import java.util.Map;

/** What {@code process_docs} makes of a split: other documents, or fewer, or the same. */
interface DocumentProcess {

  List<Map<String, Object>> apply(List<Map<String, Object>> documents);

  static DocumentProcess of(TaskYaml yaml) {
    return of(yaml.where("process_docs"), yaml.values().get("process_docs"));
  }

  /**
   * @param value null for none
   */
  static DocumentProcess of(String where, Object value) {
    if (value == null) {
      return documents -> documents;
    }
    if (value instanceof FunctionReference reference
        && Helpers.find(where, reference) instanceof Helper.OfDocuments helper) {
      return documents -> {
        try {
          return helper.process().apply(documents);
        } catch (TaskException e) {
          throw new TaskException(where + ": " + e.getMessage(), e);
        }
      };
    }
    throw new TaskException(where + ": " + value + " is not a function of a data set");
  }
}
