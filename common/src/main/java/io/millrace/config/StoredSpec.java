package io.millrace.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The settings that a spec's text tells, which was stored with a model. Secrets in it are masked
 * and an earlier build may have written it, so it need not be a spec that could run.
 */
public final class StoredSpec {

  private final Map<String, String> settings = new TreeMap<>();

  private StoredSpec() {}

  /**
   * How a model was trained: the keys below {@code train} and {@code split}, with a dot for each
   * step ({@code algorithm.rounds}, {@code split.kind}), also those that have their default. Keys
   * that this build doesn't know are as they were written.
   */
  public static Map<String, String> training(String text) {
    StoredSpec stored = new StoredSpec();
    Faults faults = new Faults("stored spec");
    Optional<Tree> tree = YamlParser.parse(text, "stored spec", faults);
    if (tree.isPresent() && tree.get() instanceof Tree.Fields root) {
      stored.section(root.fields().get("train"), TrainSpec.class, "");
      stored.section(root.fields().get("split"), SplitSpec.class, "split");
    }
    return stored.settings;
  }

  private void section(Tree tree, Class<?> type, String path) {
    if (tree == null) {
      return;
    }
    written(tree, path);
    Binder.bind(type, tree, new Faults("stored spec")).ifPresent(bound -> value(bound, path));
  }

  private void written(Tree tree, String path) {
    if (tree instanceof Tree.Fields map) {
      map.fields().forEach((key, value) -> written(value, below(path, key)));
    } else if (tree instanceof Tree.Items list) {
      List<String> shown = list.items().stream().map(Tree::found).toList();
      settings.put(path, String.join(", ", shown));
    } else {
      settings.put(path, ((Tree.Text) tree).shown());
    }
  }

  private void value(Object value, String path) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> value(present, path));
    } else if (value instanceof Record) {
      Shape.Kinds.over(value.getClass())
          .ifPresent(
              kinds ->
                  settings.put(
                      below(path, kinds.key()),
                      value.getClass().getAnnotation(Kind.class).value()));
      for (Shape.Key key : Shape.of(value.getClass()).keys()) {
        value(key.of(value), below(path, key.name()));
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, of) -> value(of, below(path, key.toString())));
    } else if (value instanceof String text) {
      settings.put(path, text);
    } else {
      String json = CanonicalJson.of(value);
      settings.put(path, value instanceof Enum<?> ? json.replace("\"", "") : json);
    }
  }

  private static String below(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
