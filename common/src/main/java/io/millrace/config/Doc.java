package io.millrace.config;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** What a key of the spec means: goes into the JSON Schema and the generated reference. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Doc {
  /** One or two sentences, in a user's words. */
  String value();
}
