package dev.castalia.scoring.task.helper;

import java.nio.file.Path;

/**
 * A {@code !function} in a task's YAML: a Python function in a file beside it.
 *
 * @param folder of the YAML file that names it
 * @param name as the YAML has it: {@code utils.process_docs}
 */
public record FunctionReference(Path folder, String name) {

  public FunctionReference {
    if (name.lastIndexOf('.') <= 0) {
      throw new IllegalArgumentException(
          "'" + name + "' is not a module and a function, such as utils.process_docs");
    }
  }

  /** The function alone: {@code process_docs}. */
  public String function() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** The Python file, which need not be there. */
  public Path file() {
    String module = name.substring(0, name.lastIndexOf('.'));
    return folder.resolve(module.replace('.', '/') + ".py").normalize();
  }

  @Override
  public String toString() {
    return "!function " + name;
  }
}
