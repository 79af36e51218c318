package io.millrace.jobs;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The project's own classes, as they have just been compiled, in one jar; and, where the build asks
 * for it by {@code millrace.test.archive}, an archive of loaded classes: the launcher's with its
 * jar, where it made one since these classes were compiled, else one of our own. With it a command
 * takes 14 s of the processor instead of 23 s, and to make it some 50 s, once for all processes of
 * a test run.
 */
final class ProgramJar {

  private static final List<String> OWN = List.of("common/target/classes", "jobs/target/classes");

  /** Of the test classes those that a cluster's driver loads. */
  private static final String FOR_CLUSTERS = ".*ExecutorKiller.*";

  /** What a JVM is started with. */
  private record Classes(String path, Optional<Path> archive) {}

  private static Path jar;
  private static Classes classes;

  private ProgramJar() {}

  /** The jar, which is made at the first call. */
  static synchronized Path jar() {
    if (jar == null) {
      locked();
    }
    return jar;
  }

  /** The options and the class path of a JVM that runs the program. */
  static synchronized List<String> jvm() {
    jar();
    List<String> line = new ArrayList<>();
    classes
        .archive()
        .ifPresent(
            archive -> {
              line.add("-XX:SharedArchiveFile=" + archive);
              line.add("-Xlog:disable"); // one that doesn't fit is passed over
              line.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0"));
            });
    line.addAll(List.of("-cp", classes.path()));
    return line;
  }

  /** The jar and what the tests have of libraries. */
  private static String classPath() {
    StringBuilder path = new StringBuilder(jar.toString());
    String project = Program.root().toString() + File.separator;
    for (String entry : Program.classPath().split(File.pathSeparator)) {
      if (entry.endsWith(".jar") && !entry.startsWith(project)) {
        path.append(File.pathSeparator).append(entry);
      }
    }
    return path.toString();
  }

  /** One process makes them, the others wait for it. */
  private static void locked() {
    Path folder = Program.root().resolve("jobs/target/program");
    try {
      Files.createDirectories(folder);
      try (FileChannel lock =
              FileChannel.open(
                  folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var held = lock.lock()) {
        long newest = newest();
        jar = folder.resolve("millrace-" + newest + ".jar");
        if (!Files.exists(jar)) {
          clear(folder);
          pack();
        }
        classes = new Classes(classPath(), Optional.empty());
        if (Boolean.getBoolean("millrace.test.archive")) {
          Optional<Classes> launchers = launchers(newest);
          classes = launchers.isPresent() ? launchers.get() : ours();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What bin/millrace made, if that is of these classes. */
  private static Optional<Classes> launchers(long newest) throws IOException {
    Path target = Program.root().resolve("jobs/target");
    Path packed = target.resolve("millrace.jar");
    Path made = target.resolve("millrace-" + System.getProperty("java.version") + ".jsa");
    if (!Files.exists(made)
        || Files.size(made) == 0
        || changed(made) <= changed(packed)
        || changed(packed) < newest) {
      return Optional.empty();
    }
    String libraries = Files.readString(target.resolve("classpath.txt")).strip();
    return Optional.of(new Classes(packed + File.pathSeparator + libraries, Optional.of(made)));
  }

  private static Classes ours() throws IOException, InterruptedException {
    Path made = Path.of(jar + ".jsa");
    if (!Files.exists(made)) {
      makeArchive(made);
    }
    return new Classes(classPath(), Optional.of(made));
  }

  private static long changed(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toMillis();
  }

  /** Those of earlier builds. */
  private static void clear(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.jsa|.*\\.jar")).toList()) {
        Files.delete(file);
      }
    }
  }

  /** When the last of the classes was compiled. */
  private static long newest() throws IOException {
    long newest = 0;
    List<String> folders = new ArrayList<>(OWN);
    folders.add("jobs/target/test-classes");
    for (String folder : folders) {
      try (Stream<Path> files = Files.walk(Program.root().resolve(folder))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          newest = Math.max(newest, changed(file));
        }
      }
    }
    return newest;
  }

  private static void pack() throws IOException {
    Path unfinished = jar.resolveSibling("unfinished.jar");
    try (OutputStream file = Files.newOutputStream(unfinished);
        JarOutputStream out = new JarOutputStream(file)) {
      for (String folder : OWN) {
        put(Program.root().resolve(folder), ".*", out);
      }
      put(Program.root().resolve("jobs/target/test-classes"), FOR_CLUSTERS, out);
    }
    Files.move(unfinished, jar, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void put(Path folder, String pattern, JarOutputStream out) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = folder.relativize(file).toString();
        if (name.matches(pattern) && !name.startsWith("META-INF/MANIFEST")) {
          out.putNextEntry(new JarEntry(name));
          Files.copy(file, out);
          out.closeEntry();
        }
      }
    }
  }

  private static void makeArchive(Path made) throws IOException, InterruptedException {
    Path unfinished = jar.resolveSibling("unfinished.jsa");
    Path said = jar.resolveSibling("archive.log");
    List<String> line = new ArrayList<>(Program.java());
    line.add("-XX:ArchiveClassesAtExit=" + unfinished);
    line.addAll(List.of("-cp", classPath(), Rehearsal.class.getName()));
    Process process =
        new ProcessBuilder(line)
            .directory(Program.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", line) + ": " + Files.readString(said));
    }
    Files.move(unfinished, made, StandardCopyOption.ATOMIC_MOVE);
  }
}
