package io.millrace.jobs;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.Stage;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SourceSpec;
import io.millrace.ingest.SourceFile;
import io.millrace.ingest.SourceFiles;
import io.millrace.table.RunIds;
import io.millrace.table.RunRow;
import io.millrace.table.SourceFileEntry;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The files of a source that aren't in yet.
 *
 * @param source name of the source
 * @param day day of the snapshot that they make; the logical date for appended files
 */
record NewFiles(String source, LocalDate day, List<NewFile> files) {

  /** A file with the hash of its content and the run that takes it in. */
  record NewFile(SourceFile file, String sha256, String runId) {}

  NewFiles {
    files = List.copyOf(files);
  }

  /**
   * Compares the files that are there with those that are in.
   *
   * @param known entries of the ledger by {@code <day>/<name>}
   * @throws DataException where an appended file has changed since
   */
  static NewFiles find(Work work, String name, LocalDate date, Map<String, SourceFileEntry> known) {
    PipelineSpec spec = work.spec();
    SourceSpec source = spec.sources().get(name);
    return find(
        spec,
        name,
        date,
        SourceFiles.list(source, spec.every().next(date), work.lake().hadoop()),
        known,
        file -> SourceFiles.sha256(file, work.lake().hadoop()));
  }

  /**
   * As {@link #find(Work, String, LocalDate, Map)}, of files that were listed before.
   *
   * @param files those that are there at the date
   * @param sha256 asked only for files of a new name, size or time
   */
  static NewFiles find(
      PipelineSpec spec,
      String name,
      LocalDate date,
      List<SourceFile> files,
      Map<String, SourceFileEntry> known,
      Function<SourceFile, String> sha256) {
    return spec.sources().get(name).load() == SourceSpec.Load.SNAPSHOT
        ? snapshot(spec, name, date, files, known, sha256)
        : appended(spec, name, date, files, known, sha256);
  }

  /**
   * A raw table holds rows of one reading: what another pipeline took in must be read as this one
   * declares. A pipeline may edit its own reading, which then holds for later files.
   *
   * @param last the run that took files in last
   */
  static void requireSameReading(Work work, String name, RunRow last) {
    SourceFileEntry file = last.files().get(0);
    String here = runIdOf(work.spec(), name, last.date(), file.name(), file.sha256());
    if (!last.pipeline().equals(work.name()) && !here.equals(file.runId())) {
      throw new SpecException(
          "sources.%s: pipeline %s took raw/%s in by another reading (kind, key, types, …) than %s declares\n"
                  .formatted(name, last.pipeline(), name, work.name())
              + "declare it as %s does, or under a name of its own; where both were edited, first run `millrace ingest %s`"
                  .formatted(last.pipeline(), last.pipeline()));
    }
  }

  private static NewFiles appended(
      PipelineSpec spec,
      String name,
      LocalDate date,
      List<SourceFile> files,
      Map<String, SourceFileEntry> known,
      Function<SourceFile, String> sha256) {
    List<NewFile> fresh = new ArrayList<>();
    Set<String> nameless = nameless(known.values());
    for (SourceFile file : files) {
      SourceFileEntry entry = known.get("/" + file.name());
      if (entry != null) {
        requireSame(name, file, entry, sha256);
        continue;
      }
      String hash = sha256.apply(file);
      if (!nameless.contains(hash)) {
        fresh.add(fresh(spec, name, date, file, hash));
      }
    }
    return new NewFiles(name, date, fresh);
  }

  /** Of files whose names told an erased person only the bytes are known. */
  private static Set<String> nameless(Collection<SourceFileEntry> entries) {
    return entries.stream()
        .filter(SourceFileEntry::isNameless)
        .map(SourceFileEntry::sha256)
        .collect(Collectors.toSet());
  }

  private static void requireSame(
      String name, SourceFile file, SourceFileEntry entry, Function<SourceFile, String> hash) {
    if (file.bytes() == entry.bytes() && file.modifiedAt() == entry.modifiedAt()) {
      return;
    }
    String sha256 = hash.apply(file);
    if (!sha256.equals(entry.sha256())) {
      throw new DataException(
          "sources."
              + name
              + ": "
              + file.name()
              + " has changed since it was taken in ("
              + entry.bytes()
              + " bytes then, "
              + file.bytes()
              + " now; SHA-256 "
              + entry.sha256().substring(0, 8)
              + "… then, "
              + sha256.substring(0, 8)
              + "… now)\n"
              + "give changed rows in a file of a new name, or restore it; with `load: snapshot`"
              + " a file may change");
    }
  }

  /** All files together are a snapshot; the last one that is the same makes it old. */
  private static NewFiles snapshot(
      PipelineSpec spec,
      String name,
      LocalDate date,
      List<SourceFile> files,
      Map<String, SourceFileEntry> known,
      Function<SourceFile, String> hash) {
    TreeMap<LocalDate, List<SourceFile>> byDay = new TreeMap<>();
    for (SourceFile file : files) {
      byDay.computeIfAbsent(file.day().orElse(date), d -> new ArrayList<>()).add(file);
    }
    for (Map.Entry<LocalDate, List<SourceFile>> snapshot : byDay.entrySet()) {
      LocalDate day = snapshot.getKey();
      boolean named = snapshot.getValue().get(0).day().isPresent();
      List<SourceFileEntry> last = held(known, day, named);
      Map<String, SourceFileEntry> held =
          last.stream()
              .filter(entry -> !entry.isNameless())
              .collect(Collectors.toMap(SourceFileEntry::name, entry -> entry, (a, b) -> b));
      List<NewFile> fresh = new ArrayList<>();
      for (SourceFile file : snapshot.getValue()) {
        SourceFileEntry entry = held.get(file.name());
        boolean untouched =
            entry != null
                && entry.bytes() == file.bytes()
                && entry.modifiedAt() == file.modifiedAt();
        String sha256 = untouched ? entry.sha256() : hash.apply(file);
        fresh.add(fresh(spec, name, date, file, sha256));
      }
      if (!isSame(fresh, held, nameless(last))) {
        return new NewFiles(name, day, fresh);
      }
    }
    return new NewFiles(name, date, List.of());
  }

  /**
   * Whether a snapshot has the bytes of the last one under its names, as far as these are known.
   */
  private static boolean isSame(
      List<NewFile> files, Map<String, SourceFileEntry> named, Set<String> nameless) {
    Map<String, String> others = new TreeMap<>();
    files.forEach(file -> others.put(file.file().name(), file.sha256()));
    for (SourceFileEntry entry : named.values()) {
      if (!others.remove(entry.name(), entry.sha256())) {
        return false;
      }
    }
    return Set.copyOf(others.values()).equals(nameless);
  }

  /** The snapshot to compare with: of that very day, or where days have no names the last one. */
  private static List<SourceFileEntry> held(
      Map<String, SourceFileEntry> known, LocalDate day, boolean named) {
    String last =
        known.values().stream()
            .map(SourceFileEntry::day)
            .filter(d -> named ? d.equals(day.toString()) : d.compareTo(day.toString()) <= 0)
            .max(String::compareTo)
            .orElse("");
    return known.values().stream()
        .filter(entry -> entry.day().equals(last) && !last.isEmpty())
        .toList();
  }

  private static NewFile fresh(
      PipelineSpec spec, String name, LocalDate date, SourceFile file, String sha256) {
    return new NewFile(file, sha256, runIdOf(spec, name, date, file.name(), sha256));
  }

  private static String runIdOf(
      PipelineSpec spec, String name, LocalDate date, String file, String sha256) {
    return RunIds.of(Stage.INGEST, SpecKeys.ingest(spec, name), date, "", List.of(file, sha256));
  }

  List<SourceFile> sourceFiles() {
    return files.stream().map(NewFile::file).toList();
  }

  /** The run that takes all of them in. */
  String runId(PipelineSpec spec, LocalDate date) {
    return files.size() == 1
        ? files.get(0).runId()
        : RunIds.of(
            Stage.INGEST,
            SpecKeys.ingest(spec, source),
            date,
            "",
            files.stream().map(NewFile::runId).toList());
  }

  /** What the ledger says of them. */
  List<SourceFileEntry> entries(PipelineSpec spec) {
    boolean snapshot = spec.sources().get(source).load() == SourceSpec.Load.SNAPSHOT;
    return files.stream()
        .map(
            f ->
                new SourceFileEntry(
                    source,
                    f.file().name(),
                    f.file().bytes(),
                    f.file().modifiedAt(),
                    f.sha256(),
                    snapshot ? day.toString() : "",
                    f.runId()))
        .toList();
  }
}
