package io.millrace.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills in {@code ${NAME}} in every text of a tree; {@code $${NAME}} stands for itself. */
final class Resolver {

  private static final Pattern VARIABLE = Pattern.compile("(\\$?)\\$\\{([^}]*)}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
  private static final String MASK = "***";

  private final Variables variables;
  private final Faults faults;

  Resolver(Variables variables, Faults faults) {
    this.variables = variables;
    this.faults = faults;
  }

  /** The names in the texts of a tree. */
  static Set<String> names(Tree tree) {
    Set<String> names = new LinkedHashSet<>();
    if (tree instanceof Tree.Text text) {
      names.addAll(names(text.value()));
    } else if (tree instanceof Tree.Items list) {
      list.items().forEach(item -> names.addAll(names(item)));
    } else if (tree instanceof Tree.Fields map) {
      map.fields().values().forEach(value -> names.addAll(names(value)));
    }
    return names;
  }

  /** The names in a text. */
  static Set<String> names(String text) {
    Set<String> names = new LinkedHashSet<>();
    Matcher match = VARIABLE.matcher(text);
    while (match.find()) {
      names.add(match.group(2));
    }
    return names;
  }

  /** The same tree without variables. */
  Tree resolve(Tree tree, KeyPath path) {
    if (tree instanceof Tree.Items list) {
      List<Tree> items = new ArrayList<>();
      list.items().forEach(item -> items.add(resolve(item, path.then(items.size()))));
      return new Tree.Items(items, list.origin());
    }
    if (tree instanceof Tree.Fields map) {
      Map<String, Tree> fields = new LinkedHashMap<>();
      map.fields().forEach((key, value) -> fields.put(key, resolve(value, path.then(key))));
      return new Tree.Fields(fields, map.origin());
    }
    Tree.Text text = (Tree.Text) tree;
    if (!text.value().contains("${")) {
      return text;
    }
    Filled filled = fill(text.value(), path, Set.of());
    return new Tree.Text(filled.value, filled.shown, false, text.origin());
  }

  /** A text without variables, and the same with its secrets masked. */
  private record Filled(String value, String shown) {}

  private Filled fill(String text, KeyPath path, Set<String> within) {
    Matcher match = VARIABLE.matcher(text);
    StringBuilder value = new StringBuilder();
    StringBuilder shown = new StringBuilder();
    int end = 0;
    while (match.find()) {
      String between = text.substring(end, match.start());
      end = match.end();
      boolean literal = !match.group(1).isEmpty();
      Filled part =
          literal
              ? new Filled(match.group().substring(1), match.group().substring(1))
              : lookUp(match.group(2), path, within);
      value.append(between).append(part.value);
      shown.append(between).append(part.shown);
    }
    String rest = text.substring(end);
    if (rest.contains("${")) {
      faults.add(path, "a ${ without its }; close it, or write $${ for the characters themselves");
    }
    return new Filled(value.append(rest).toString(), shown.append(rest).toString());
  }

  private Filled lookUp(String name, KeyPath path, Set<String> within) {
    String written = "${" + name + "}";
    Filled unresolved = new Filled(written, written);
    if (!NAME.matcher(name).matches()) {
      faults.add(path, written + " is no variable; write $" + written + " for the text itself");
      return unresolved;
    }
    if (within.contains(name)) {
      faults.add(path, written + " is made of itself; give it a value of its own");
      return unresolved;
    }
    Optional<Variables.Value> found = variables.find(name);
    if (found.isEmpty()) {
      faults.add(path, written + " has no value; " + variables.mend(name));
      return unresolved;
    }
    if (found.get().secret()) {
      return new Filled(found.get().text(), MASK);
    }
    Set<String> deeper = new LinkedHashSet<>(within);
    deeper.add(name);
    return fill(found.get().text(), path, deeper);
  }
}
