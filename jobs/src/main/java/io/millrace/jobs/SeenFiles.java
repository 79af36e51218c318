package io.millrace.jobs;

import io.millrace.config.SourceSpec;
import io.millrace.ingest.SourceFile;
import io.millrace.ingest.SourceFiles;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;

/** The files of sources, each folder listed once and each file read once by a process. */
final class SeenFiles {

  private final Configuration hadoop;
  private final Map<SourceSpec, List<SourceFile>> listed = new ConcurrentHashMap<>();
  private final Map<String, String> hashes = new ConcurrentHashMap<>();

  SeenFiles(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /** The files that are there before a day; faults are those of {@link SourceFiles#list}. */
  List<SourceFile> due(SourceSpec source, LocalDate end) {
    return SourceFiles.due(
        listed.computeIfAbsent(source, spec -> SourceFiles.all(spec, hadoop)), end);
  }

  String sha256(SourceFile file) {
    return hashes.computeIfAbsent(
        file.uri() + " " + file.bytes() + " " + file.modifiedAt(),
        key -> SourceFiles.sha256(file, hadoop));
  }
}
