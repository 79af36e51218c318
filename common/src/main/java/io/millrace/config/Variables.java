package io.millrace.config;

import io.millrace.Nearest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Values of {@code ${NAME}}. The first of these that has the name wins: {@code --set NAME=value};
 * the process environment by the exact name; {@code variables} of the env file; the environment by
 * the name in UPPER_SNAKE.
 *
 * @param set from the command line
 * @param environment of the process; what comes from here is a secret and never printed
 * @param file from the env file; a value may hold {@code ${NAME}} itself
 */
public record Variables(
    Map<String, String> set, Map<String, String> environment, Map<String, String> file) {

  public Variables {
    set = Map.copyOf(set);
    environment = Map.copyOf(environment);
    file = Map.copyOf(file);
  }

  /** The variables of a command, before an env file is known. */
  public static Variables of(Map<String, String> set, Map<String, String> environment) {
    return new Variables(set, environment, Map.of());
  }

  /** These and the variables of an env file. */
  public Variables with(EnvSpec env) {
    return new Variables(set, environment, env.variables());
  }

  /** These and one more value from the command line. */
  Variables withSet(String name, String value) {
    Map<String, String> more = new java.util.HashMap<>(set);
    more.put(name, value);
    return new Variables(more, environment, file);
  }

  /**
   * A value as it was found.
   *
   * @param text the value; one from the env file may hold {@code ${NAME}}
   * @param secret whether it came from the environment
   */
  record Value(String text, boolean secret) {}

  Optional<Value> find(String name) {
    String upper = name.toUpperCase(Locale.ROOT).replaceAll("[-.]", "_");
    if (set.containsKey(name)) {
      return Optional.of(new Value(set.get(name), false));
    }
    if (environment.containsKey(name)) {
      return Optional.of(new Value(environment.get(name), true));
    }
    if (file.containsKey(name)) {
      return Optional.of(new Value(file.get(name), false));
    }
    return Optional.ofNullable(environment.get(upper)).map(text -> new Value(text, true));
  }

  /** The mend of a name that has no value. */
  String mend(String name) {
    TreeSet<String> known = new TreeSet<>(file.keySet());
    known.addAll(set.keySet());
    return Nearest.of(name, known)
        .map(near -> "did you mean ${" + near + "}?")
        .orElse(
            "give --set "
                + name
                + "=…, or add it to variables in conf/env/<env>.yaml or to the environment");
  }
}
