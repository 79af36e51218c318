package io.millrace.retain;

import io.millrace.table.TableFolder.FoundFile;
import java.util.List;

/**
 * What a vacuum does with one table.
 *
 * @param versions how many versions stay readable as they were needed
 * @param of how many there are
 * @param why what they are kept for, in words; or why the table is left alone
 * @param delete files that nothing needs
 * @param kept all others of its folder
 */
public record TablePlan(
    String table, int versions, long of, String why, List<FoundFile> delete, Size kept) {

  /** How much lies somewhere. */
  public record Size(long files, long bytes) {

    /** The size of files. */
    public static Size of(List<FoundFile> files) {
      return new Size(files.size(), files.stream().mapToLong(FoundFile::bytes).sum());
    }
  }

  public TablePlan {
    delete = List.copyOf(delete);
  }

  /** The size of what is deleted. */
  public Size deletable() {
    return Size.of(delete);
  }

  /** The same for some of the files. */
  TablePlan only(List<FoundFile> files) {
    Size all = deletable();
    Size now = Size.of(files);
    return new TablePlan(
        table,
        versions,
        of,
        why,
        files,
        new Size(
            kept.files() + all.files() - now.files(), kept.bytes() + all.bytes() - now.bytes()));
  }
}
