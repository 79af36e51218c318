package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.TestSpark;
import io.millrace.config.SourceSpec;
import io.millrace.config.SourceSpec.ColumnType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceReaderTest {

  private static final String[] FAULT = {"column", "value", "reason", "rule", "row"};

  @Test
  void rowsOfTextThatDoNotFitGoToQuarantine() {
    Path file =
        Sources.file(
            "t.csv",
            "\ufeff id , a.b,größe 1\r\n1,x,1.5\r\n2,y\r\n\r\n3,z,4,5\r\n,q,1\r\n5,,1e999\r\n");
    SourceSpec spec = Sources.csv(file).key("id").type("größe 1", ColumnType.DOUBLE).spec();
    ReadRows rows = Sources.read(spec);
    assertThat(rows.good().columns()).containsExactly("id", "a.b", "größe_1", "_row_id", "_file");
    assertThat(Sources.rows(rows.good(), "id", "`a.b`", "`größe_1`", "_file"))
        .containsExactly("[1,x,1.5,t.csv]");
    assertThat(Sources.rows(rows.quarantined(), FAULT))
        .containsExactly(
            "[größe_1,1e999,not a DOUBLE,cast,{\"id\":\"5\",\"a.b\":\"\",\"größe 1\":\"1e999\"}]",
            "[id,null,key is null,key,{\"id\":\"\",\"a.b\":\"q\",\"größe 1\":\"1\"}]",
            "[null,null,2 fields where the header has 3,parse,2,y]",
            "[null,null,4 fields where the header has 3,parse,3,z,4,5]");
    assertThat(rows.quarantined().select("_row_id").distinct().count()).isEqualTo(4);
  }

  @Test
  void declaredTypesReadMoreSpellings() {
    Path file =
        Sources.file("t.csv", "n,b,d,t\n17850.0,Y,31/12/2025,2026-01-31 10:00\n1.5,2,x,12:30\n");
    SourceSpec spec =
        new SourceSpec.Csv(
            file.toString(),
            List.of(),
            java.util.Optional.empty(),
            SourceSpec.Load.APPEND,
            java.util.Map.of(
                "n", ColumnType.LONG, "b", ColumnType.BOOLEAN, "t", ColumnType.TIMESTAMP),
            java.util.Map.of("d", "dd/MM/yyyy"),
            List.of(""),
            Sources.CHANGES,
            ",",
            "\"",
            "\"",
            true,
            List.of(),
            false,
            false,
            "UTF-8");
    ReadRows rows = Sources.read(spec);
    assertThat(Sources.rows(rows.good(), "n", "b", "d", "t"))
        .containsExactly("[17850,true,2025-12-31,2026-01-31 10:00:00.0]");
    assertThat(Sources.rows(rows.quarantined(), "column", "reason"))
        .containsExactly(
            "[b,not a BOOLEAN]", "[d,not a DATE]", "[n,not a LONG]", "[t,not a TIMESTAMP]");
    SourceSpec bad = Sources.csv(file).format("d", "bogus").spec();
    assertThatThrownBy(() -> Sources.read(bad))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("formats: bogus is no pattern");
  }

  @Test
  void aKeyThatOccursTwiceStaysOnceOrNotAtAll() {
    Path file = Sources.file("t.csv", "k,v\n1,a\n2,b\n2,b\n2,b\n3,c\n3,d\n");
    ReadRows rows = Sources.read(Sources.csv(file).key("k").spec());
    assertThat(Sources.rows(rows.good(), "k", "v")).containsExactly("[1,a]", "[2,b]");
    assertThat(Sources.rows(rows.quarantined(), FAULT))
        .containsExactly(
            "[k,2,duplicate key, the same row again,key,{\"k\":2,\"v\":\"b\"}]",
            "[k,2,duplicate key, the same row again,key,{\"k\":2,\"v\":\"b\"}]",
            "[k,3,duplicate key, rows that differ,key,{\"k\":3,\"v\":\"c\"}]",
            "[k,3,duplicate key, rows that differ,key,{\"k\":3,\"v\":\"d\"}]");
    assertThat(rows.quarantined().select("_row_id").distinct().count()).isEqualTo(4);
  }

  @Test
  void madeKeysAreOfContentAndSurviveOrderAndLabels() {
    Path one = TestSpark.temporary("one");
    Sources.file(one, "a.csv", "x,y,label\n1,p,\n1,p,no\n2,q,yes\n", StandardCharsets.UTF_8);
    Path other = TestSpark.temporary("other");
    Sources.file(
        other, "b.csv", "label,y,x,late\nyes,q,2,\nno,p,1,\nyes,p,1,\n", StandardCharsets.UTF_8);
    String[] row = {"_key", "x", "y"};
    List<String> first =
        Sources.rows(Sources.read(Sources.csv(one + "/*").snapshot().spec(), "label").good(), row);
    List<String> next =
        Sources.rows(
            Sources.read(Sources.csv(other + "/*").snapshot().spec(), "label").good(), row);
    assertThat(first).hasSize(3).doesNotHaveDuplicates().isEqualTo(next);
    assertThat(first.get(0)).matches("\\[[0-9a-f]{32},.*");
    List<String> appended =
        Sources.rows(Sources.read(Sources.csv(one + "/*").spec(), "label").good(), row);
    assertThat(appended).doesNotContainAnyElementsOf(first);
  }

  @Test
  void filesReadTogetherAreThoseReadAlone() {
    Path folder = TestSpark.temporary("many");
    Sources.file(folder, "a.csv", "x\n1\n1\n", StandardCharsets.UTF_8);
    Sources.file(folder, "b.csv", "x\n1\n3\n", StandardCharsets.UTF_8);
    List<String> together =
        Sources.rows(Sources.read(Sources.csv(folder + "/*").spec()).good(), "*");
    List<String> alone = new java.util.ArrayList<>();
    for (String name : List.of("a.csv", "b.csv")) {
      alone.addAll(Sources.rows(Sources.read(Sources.csv(folder + "/" + name).spec()).good(), "*"));
    }
    assertThat(together).containsExactlyInAnyOrderElementsOf(alone);
  }

  @Test
  void jsonLinesAreObjects() {
    Path file =
        Sources.file(
            "t.jsonl",
            "{\"id\":1,\"n\":{\"a\":[1,2]},\"w\":\"x\"}\n\n"
                + "{\"id\":2,\"w\":null}\n"
                + "[{\"id\":3}]\n"
                + "{\"id\":4\n"
                + "nope\n"
                + "{\"id\":5} x\n");
    ReadRows rows = Sources.read(Sources.json(file, "id"));
    assertThat(Sources.rows(rows.good(), "id", "n", "w"))
        .containsExactly("[1,{\"a\":[1,2]},x]", "[2,null,null]");
    assertThat(Sources.rows(rows.quarantined(), "reason", "row"))
        .containsExactly(
            "[no JSON object,[{\"id\":3}]]", "[no JSON object,nope]",
            "[no JSON object,{\"id\":4]", "[no JSON object,{\"id\":5} x]");
  }

  @Test
  void otherEncodingsAreRead() {
    Charset windows = Charset.forName("windows-1252");
    Path file = Sources.file(TestSpark.temporary("enc"), "w.csv", "preis €¦é\n5 €¦ž\n", windows);
    SourceSpec spec = Sources.csv(file).separator("¦").encoding("windows-1252").spec();
    assertThat(Sources.rows(Sources.read(spec).good(), "`preis_€`", "`é`"))
        .containsExactly("[5 €,ž]");
    Path wide =
        Sources.file(
            TestSpark.temporary("enc"), "u.csv", "a,b\r\né,1\r\n", StandardCharsets.UTF_16);
    SourceSpec utf16 = Sources.csv(wide).encoding("UTF-16").spec();
    assertThat(Sources.rows(Sources.read(utf16).good(), "a", "b")).containsExactly("[é,1]");
    SourceSpec multiByte = Sources.csv(file).encoding("GBK").spec();
    assertThatThrownBy(() -> Sources.read(multiByte))
        .isInstanceOf(SpecException.class)
        .hasMessage("encoding: files in GBK can't be read; convert them to UTF-8");
  }

  @Test
  void headersAreReplacedAndCounted() {
    Path file = Sources.file("a[1] {b}.csv", "x,x\n1,2\n");
    assertThatThrownBy(() -> Sources.read(Sources.csv(file.getParent()).spec()))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith(
            "columns 1 (x) and 2 (x) are both named x; give other names in `columns`");
    SourceSpec named = Sources.csv(file.getParent()).columns("p", "q").spec();
    assertThat(Sources.rows(Sources.read(named).good(), "p", "q", "_file"))
        .containsExactly("[1,2,a[1] {b}.csv]");
    assertThatThrownBy(() -> Sources.read(Sources.csv(file.getParent()).columns("p").spec()))
        .hasMessageEndingWith("the header has 2 columns, `columns` 1");
    assertThatThrownBy(() -> Sources.read(Sources.csv(file.getParent()).noHeader().spec()))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("columns: missing;");
  }

  @Test
  void typedFilesKeepNestedAndOddValues() {
    Path out = TestSpark.temporary("typed");
    TestSpark.session()
        .sql(
            "select 1 as id, cast(1.25 as decimal(9,2)) m, named_struct('a', array(1, 2)) n,"
                + " double('NaN') x, cast('2026-01-01' as date) d, timestamp_ntz'2026-01-01"
                + " 10:00:00' t, cast('é' as binary) b, cast(null as void) v, 'NA' s")
        .drop("v")
        .coalesce(1)
        .write()
        .mode("overwrite")
        .orc(out.toString());
    SourceSpec orc = Sources.orc(out);
    Footers.check(orc, Sources.list(orc), TestSpark.session().sparkContext().hadoopConfiguration());
    assertThat(Sources.first(orc).table().columns().stream().map(c -> c.type().name()))
        .containsExactly(
            "LONG", "DOUBLE", "STRING", "DOUBLE", "DATE", "TIMESTAMP", "STRING", "STRING");
    assertThat(Sources.rows(Sources.read(orc).good(), "id", "m", "n", "x", "d", "t", "b", "s"))
        .containsExactly("[1,1.25,{\"a\":[1,2]},NaN,2026-01-01,2026-01-01 10:00:00.0,é,NA]");
  }

  @Test
  void timeOfARowIsNeededAndGivesItsDay() {
    Path file = Sources.file("t.csv", "t,v\n2026-01-31T23:30:00-01:00,1\n,2\n");
    SourceSpec spec = Sources.csv(file).time("t").spec();
    ReadRows rows = Sources.read(spec);
    assertThat(rows.good().select(SourceReader.dayOf(spec)).head().get(0))
        .hasToString("2026-02-01");
    assertThat(Sources.rows(rows.quarantined(), "column", "reason", "rule"))
        .containsExactly("[t,time is null,time]");
  }
}
