package io.millrace.config;

import java.util.Map;
import java.util.Optional;

/** A place to run: {@code conf/env/<name>.yaml}. */
@Doc("A place to run.")
public record EnvSpec(
    @Doc("Root of the lake; --lake and MILLRACE_LAKE win over it.") @Default("lake") String lake,
    @Doc("Spark master; absent: as spark-submit says, or all cores of this machine.")
        Optional<String> master,
    @Doc("Java heap of a local run, such as 6g; absent: sized from the machine.")
        Optional<String> heap,
    @Doc("Values of ${NAME} in specs; the process environment wins.") @Default("{}")
        Map<String, String> variables,
    @Doc("Spark settings.") @Default("{}") Map<String, String> spark) {

  public EnvSpec {
    variables = SortedMaps.copyOf(variables);
    spark = SortedMaps.copyOf(spark);
  }
}
