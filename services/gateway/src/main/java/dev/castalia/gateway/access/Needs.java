package dev.castalia.gateway.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The least role that an operation is for. Without it, what reads (GET, HEAD) is for readers, and
 * everything else for producers.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Needs {
  Role value();

  /**
   * A query parameter that, where it is "true", has the operation only read, for readers. What else
   * may be taken for true needs the role.
   */
  String readingWith() default "";
}
