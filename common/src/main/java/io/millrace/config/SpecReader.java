package io.millrace.config;

import io.millrace.Nearest;
import io.millrace.SpecException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** YAML files to specs. All faults of a file are reported together. */
public final class SpecReader {

  private SpecReader() {}

  /**
   * Reads and checks a pipeline.
   *
   * @param overrides what {@code --set} says: paths of keys ({@code train.algorithm.rounds}) to
   *     values; a name without a dot that is no key of a spec is a variable
   * @throws SpecException with a line {@code file: path.to.key: fault; mend} for each fault
   */
  public static PipelineSpec pipeline(
      Path file, Variables variables, Map<String, String> overrides) {
    Faults faults = new Faults(file.toString());
    Tree tree = resolved(file, variables, overrides, faults);
    Optional<PipelineSpec> spec = Binder.bind(PipelineSpec.class, tree, faults);
    spec.ifPresent(bound -> PipelineCheck.check(bound, faults));
    faults.stop();
    return spec.orElseThrow();
  }

  /**
   * Reads an env file. Its {@code variables} are left as written; a {@code ${NAME}} in them is
   * filled in where they are used, so a secret that nothing uses need not be there.
   *
   * @throws SpecException with a line {@code file: path.to.key: fault; mend} for each fault
   */
  public static EnvSpec env(Path file, Variables variables) {
    return env(file, variables, tree -> tree);
  }

  /**
   * An env file as its place may be printed: Spark's settings and the jars of a cluster have {@code
   * ***} for what came from the environment. Sizes stay, since others are computed of them.
   */
  static EnvSpec printableEnv(Path file, Variables variables) {
    return env(file, variables, SpecReader::masked);
  }

  private static Tree.Fields masked(Tree.Fields map) {
    Map<String, Tree> fields = new LinkedHashMap<>(map.fields());
    fields.computeIfPresent("spark", (key, spark) -> masked(spark, Set.of(EnvCheck.TASK_CORES)));
    if (fields.get("cluster") instanceof Tree.Fields cluster) {
      Map<String, Tree> sizes = new LinkedHashMap<>(cluster.fields());
      for (String key : List.of("jar", "jars", "packages")) {
        sizes.computeIfPresent(key, (name, jars) -> masked(jars, Set.of()));
      }
      fields.put("cluster", new Tree.Fields(sizes, cluster.origin()));
    }
    return new Tree.Fields(fields, map.origin());
  }

  private static Tree masked(Tree tree, Set<String> kept) {
    if (tree instanceof Tree.Fields map) {
      Map<String, Tree> fields = new LinkedHashMap<>(map.fields());
      fields.replaceAll((key, value) -> kept.contains(key) ? value : masked(value, Set.of()));
      return new Tree.Fields(fields, map.origin());
    }
    if (tree instanceof Tree.Items list) {
      List<Tree> items = list.items().stream().map(item -> masked(item, Set.of())).toList();
      return new Tree.Items(items, list.origin());
    }
    Tree.Text text = (Tree.Text) tree;
    return text.withValue(text.shown());
  }

  private static EnvSpec env(
      Path file, Variables variables, UnaryOperator<Tree.Fields> afterwards) {
    Faults faults = new Faults(file.toString());
    Tree tree = parse(file, faults);
    faults.locateIn(tree);
    if (tree instanceof Tree.Fields map) {
      Tree values = map.fields().get("variables");
      Tree resolved = new Resolver(variables, faults).resolve(without(map), KeyPath.ROOT);
      Tree.Fields filled = afterwards.apply((Tree.Fields) resolved);
      tree = values == null ? filled : Tree.with(filled, "variables", values);
    }
    Optional<EnvSpec> spec = Binder.bind(EnvSpec.class, tree, faults);
    faults.stop();
    return spec.orElseThrow();
  }

  private static Tree.Fields without(Tree.Fields map) {
    Map<String, Tree> fields = new LinkedHashMap<>(map.fields());
    fields.remove("variables");
    return new Tree.Fields(fields, map.origin());
  }

  /** The tree of a pipeline's file after overrides and variables; stops at a syntax error. */
  static Tree resolved(
      Path file, Variables variables, Map<String, String> overrides, Faults faults) {
    Tree tree = parse(file, faults);
    Variables known = variables;
    for (Map.Entry<String, String> override : overrides.entrySet()) {
      if (isVariable(override.getKey())) {
        known = known.withSet(override.getKey(), override.getValue());
      } else {
        tree = new Overrides(faults).apply(tree, override.getKey(), override.getValue());
      }
    }
    faults.locateIn(tree);
    reportUnused(tree, variables, overrides, faults);
    return new Resolver(known, faults).resolve(tree, KeyPath.ROOT);
  }

  private static boolean isVariable(String key) {
    return !key.contains(".") && !Shape.of(PipelineSpec.class).names().contains(key);
  }

  /** A variable that nothing uses is a mistyped key or variable. */
  private static void reportUnused(
      Tree tree, Variables variables, Map<String, String> overrides, Faults faults) {
    Set<String> used = Resolver.names(tree);
    variables.file().values().forEach(text -> used.addAll(Resolver.names(text)));
    List<String> meant = new ArrayList<>(Shape.of(PipelineSpec.class).names());
    meant.addAll(used);
    for (String name : overrides.keySet()) {
      if (isVariable(name) && !used.contains(name)) {
        faults.add(
            new Faults.Place(Overrides.ORIGIN, name),
            "neither a key nor a variable of this spec; " + Nearest.mend(name, meant, "names"));
      }
    }
  }

  private static Tree parse(Path file, Faults faults) {
    Optional<Tree> tree = YamlParser.parse(text(file), file.toString(), faults);
    if (tree.isEmpty()) {
      faults.stop();
    }
    return tree.orElseThrow();
  }

  /** The text of a file in UTF-8. */
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new SpecException(file + ": no such file; check the path", e);
    } catch (CharacterCodingException e) {
      throw new SpecException(file + ": not UTF-8; save it in that encoding", e);
    } catch (IOException e) {
      throw new SpecException(file + ": can't be read (" + e.getMessage() + "); check it", e);
    }
  }
}
