package io.millrace.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code --set train.algorithm.rounds=50}: writes values into the tree before it is bound, so that
 * they are judged as if they stood in the file. A position in a list is written {@code gates.0} or
 * {@code gates[0]}; a value that starts with a bracket or a quote is read as YAML, any other is a
 * text.
 */
final class Overrides {

  static final String ORIGIN = "--set";

  private final Faults faults;

  Overrides(Faults faults) {
    this.faults = faults;
  }

  /** The tree with the value at the path, or as it was where a fault was added. */
  Tree apply(Tree tree, String path, String value) {
    Tree leaf = new Tree.Text(value, value, true, ORIGIN);
    if (!value.isEmpty() && "[{\"'".indexOf(value.charAt(0)) >= 0) {
      Optional<Tree> yaml = yaml(path, value);
      if (yaml.isEmpty()) {
        return tree;
      }
      leaf = yaml.get();
    }
    List<String> steps =
        new ArrayList<>(Arrays.asList(path.replace("[", ".").replace("]", "").split("\\.", -1)));
    return put(tree, steps, leaf, path);
  }

  /** The value as YAML; a fault where it only looks like it. */
  private Optional<Tree> yaml(String path, String value) {
    Faults own = new Faults(ORIGIN);
    Optional<Tree> tree = YamlParser.parse(value, ORIGIN, own);
    if (tree.isEmpty()) {
      faults.add(
          new Faults.Place(ORIGIN, path), "not YAML: " + value + "; close its brackets and quotes");
    }
    return tree;
  }

  private Tree put(Tree tree, List<String> steps, Tree leaf, String path) {
    if (steps.isEmpty()) {
      return leaf;
    }
    if (tree instanceof Tree.Fields map) {
      String key = key(map, steps);
      Tree below = map.fields().getOrDefault(key, new Tree.Fields(Map.of(), ORIGIN));
      int used = key.split("\\.", -1).length;
      return Tree.with(map, key, put(below, steps.subList(used, steps.size()), leaf, path));
    }
    if (tree instanceof Tree.Items list) {
      Optional<Integer> position = position(steps.get(0), list.items().size());
      if (position.isPresent()) {
        int i = position.get();
        return Tree.with(
            list, i, put(list.items().get(i), steps.subList(1, steps.size()), leaf, path));
      }
      return fault(
          tree, path, "no position " + steps.get(0) + " in a list of " + list.items().size());
    }
    return fault(tree, path, "no key " + steps.get(0) + " in the text " + tree.found());
  }

  /** The longest run of steps that is a key, since a key may hold dots; else the first step. */
  private static String key(Tree.Fields map, List<String> steps) {
    for (int n = steps.size(); n > 1; n--) {
      String joined = String.join(".", steps.subList(0, n));
      if (map.fields().containsKey(joined)) {
        return joined;
      }
    }
    return steps.get(0);
  }

  private static Optional<Integer> position(String step, int size) {
    boolean digits = step.matches("[0-9]{1,6}");
    return digits && Integer.parseInt(step) < size
        ? Optional.of(Integer.parseInt(step))
        : Optional.empty();
  }

  private Tree fault(Tree tree, String path, String fault) {
    Faults.Place place = new Faults.Place(ORIGIN, path);
    faults.add(place, fault + "; give the path of a key as it stands in the file");
    return tree;
  }
}
