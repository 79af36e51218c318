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
    Faults faults = new Faults(file.toString());
    Tree tree = parse(file, faults);
    faults.locateIn(tree);
    if (tree instanceof Tree.Fields map) {
      Tree values = map.fields().get("variables");
      Tree resolved = new Resolver(variables, faults).resolve(without(map), KeyPath.ROOT);
      tree = values == null ? resolved : Tree.with((Tree.Fields) resolved, "variables", values);
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
