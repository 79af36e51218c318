package io.millrace.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The numbers that a key takes, as an interval: {@code [1, )} from 1 on, {@code (0, 1]} above 0 and
 * at most 1. On a list, a map or an optional key it holds for each number in it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Within {
  String value();
}
