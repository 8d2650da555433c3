package dev.castalia.cli;

import java.util.Comparator;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.Tag;

/** Begins with what takes long, beside which the rest runs: what comes last may run alone. */
public final class SlowFirst implements ClassOrderer {

  @Override
  public void orderClasses(ClassOrdererContext context) {
    context.getClassDescriptors().sort(Comparator.comparing(it -> !isSlow(it)));
  }

  private static boolean isSlow(ClassDescriptor tests) {
    return tests.findRepeatableAnnotations(Tag.class).stream()
        .anyMatch(tag -> tag.value().equals("slow"));
  }
}
