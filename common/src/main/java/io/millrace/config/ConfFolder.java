package io.millrace.config;

import io.millrace.Nearest;
import io.millrace.SpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The folder that holds one YAML file for each pipeline, and {@code env/} with one for each place.
 */
public final class ConfFolder {

  private ConfFolder() {}

  /**
   * The file of a pipeline.
   *
   * @param nameOrPath a path to a YAML file; or the name of a file in the folder; or what such a
   *     file says behind {@code pipeline:}
   * @throws SpecException if there is none, or more than one
   */
  public static Path find(Path conf, String nameOrPath) {
    if (nameOrPath.matches(".*\\.ya?ml") || nameOrPath.contains("/")) {
      Path file = Path.of(nameOrPath);
      if (!Files.isRegularFile(file)) {
        throw new SpecException(file + ": no such file; give a pipeline's name or a YAML file");
      }
      return file;
    }
    TreeSet<Path> found = new TreeSet<>();
    TreeSet<String> known = new TreeSet<>();
    for (Path file : files(conf)) {
      String stem = stem(file);
      Optional<String> declared = declared(file);
      known.add(declared.orElse(stem));
      if (nameOrPath.equals(stem) || declared.equals(Optional.of(nameOrPath))) {
        found.add(file);
      }
    }
    if (found.size() > 1) {
      throw twice(nameOrPath, List.copyOf(found));
    }
    return found.stream().findFirst().orElseThrow(() -> none(conf, nameOrPath, known));
  }

  private static SpecException none(Path conf, String name, SortedSet<String> known) {
    return new SpecException(
        conf
            + ": no pipeline "
            + name
            + "; "
            + Nearest.mend(name, known, "pipelines")
            + "\nlooked for "
            + conf.resolve(name + ".yaml")
            + " and for \"pipeline: "
            + name
            + "\" in the other YAML files there");
  }

  private static SpecException twice(String name, List<Path> files) {
    List<String> names = files.stream().map(Path::toString).toList();
    return new SpecException(
        String.join(" and ", names)
            + ": more than one file for the pipeline "
            + name
            + "; rename one, or give the path of the file");
  }

  /**
   * The pipelines of a folder and their files, by name.
   *
   * @throws SpecException if two files have the same name behind {@code pipeline:}
   */
  public static SortedMap<String, Path> pipelines(Path conf) {
    SortedMap<String, Path> pipelines = new TreeMap<>();
    for (Path file : files(conf)) {
      String name = declared(file).orElse(stem(file));
      Path other = pipelines.put(name, file);
      if (other != null) {
        throw twice(name, List.of(other, file));
      }
    }
    return pipelines;
  }

  /**
   * A place to run: {@code env/<name>.yaml}. Where {@code local} has no file, all its keys have
   * their defaults.
   *
   * @throws SpecException if there is no such file, or it has faults
   */
  public static EnvSpec env(Path conf, String name, Variables variables) {
    return env(conf, name, file -> SpecReader.env(file, variables));
  }

  /**
   * The same as it may be printed: values of {@code spark:} and names of jars have {@code ***} for
   * what came from the environment.
   */
  public static EnvSpec printableEnv(Path conf, String name, Variables variables) {
    return env(conf, name, file -> SpecReader.printableEnv(file, variables));
  }

  private static EnvSpec env(Path conf, String name, Function<Path, EnvSpec> reader) {
    Path folder = conf.resolve("env");
    Path file = folder.resolve(name + ".yaml");
    if (Files.isRegularFile(file)) {
      return reader.apply(file);
    }
    if (name.equals("local")) {
      Tree nothing = new Tree.Fields(Map.of(), file.toString());
      return Binder.bind(EnvSpec.class, nothing, new Faults(file.toString())).orElseThrow();
    }
    List<String> known =
        Files.isDirectory(folder)
            ? files(folder).stream().map(ConfFolder::stem).toList()
            : List.of();
    throw new SpecException(file + ": no such env; " + Nearest.mend(name, known, "envs"));
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new SpecException(folder + ": no such folder; give it by --conf");
    }
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(
          files
              .filter(file -> file.getFileName().toString().matches("[^.].*\\.ya?ml"))
              .filter(Files::isRegularFile)
              .sorted()
              .toList());
    } catch (IOException e) {
      throw new SpecException(folder + ": can't be listed (" + e.getMessage() + "); check it", e);
    }
  }

  private static String stem(Path file) {
    return file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
  }

  /** What the file says behind {@code pipeline:}; nothing for a file that isn't YAML. */
  private static Optional<String> declared(Path file) {
    String text = SpecReader.text(file);
    return YamlParser.early(text, "pipeline", file.toString())
        .or(() -> merged(text, file))
        .filter(name -> !name.isMissing())
        .map(Tree.Text::value);
  }

  /** The same by the whole file, for a name that a merge key or an alias brings. */
  private static Optional<Tree.Text> merged(String text, Path file) {
    Tree tree = YamlParser.parse(text, file.toString(), new Faults(file.toString())).orElse(null);
    return tree instanceof Tree.Fields map && map.fields().get("pipeline") instanceof Tree.Text name
        ? Optional.of(name)
        : Optional.empty();
  }
}
