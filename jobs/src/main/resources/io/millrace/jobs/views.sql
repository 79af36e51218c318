-- What a plain select reads. Most result tables are only added to: a run that was done again, a check that was edited or a
-- month that was measured anew leaves its older rows in the folder. Here such a table is called <name>_log, and <name> is
-- what of it holds now. Tables without a view below are right as they are.
--
-- The same text runs in Spark SQL and DuckDB. A view stands after those that it reads. {source} and {pipeline} stand for each
-- one that the lake has a table of; {columns} and {entity} for columns of that table, quoted.

-- A run that was killed or met another one may stand twice.
create or replace temporary view runs as
select run_id, pipeline, stage, date, status, started_at, ended_at, spec_hash, code_version, inputs, outputs,
  rows_in, rows_out, rows_quarantined, message
from (select *, row_number() over (partition by run_id, outputs order by ended_at, started_at) as place from runs_log) numbered
where place = 1;

-- Of each run its last commit: what joins it has a row once.
create or replace temporary view last_runs as
select run_id, pipeline, stage, date, status, started_at, ended_at, spec_hash, code_version, inputs, outputs,
  rows_in, rows_out, rows_quarantined, message
from (select *, row_number() over (partition by run_id order by ended_at desc, started_at desc) as place from runs_log) numbered
where place = 1;

-- When each run last wrote. A slice that gets its old content back is one more commit of its old run.
create or replace temporary view run_ends as
select run_id, max(ended_at) as ended_at from runs_log group by run_id;

-- The run whose rows a date holds in features, scored, labels.
create or replace temporary view current_slices as
select pipeline, stage, date, run_id from (
  select pipeline, stage, date, run_id,
    row_number() over (partition by pipeline, stage, date order by ended_at desc, run_id) as place
  from runs_log where stage in ('features', 'score', 'label')) numbered
where place = 1;

-- One row per pipeline and date.
create or replace temporary view releases as
select l.* from releases_log l where l.run_id in (
  select run_id from (
    select r.run_id, row_number() over (
      partition by r.pipeline, r.date order by coalesce(e.ended_at, r.released_at) desc, r.run_id) as place
    from releases_log r left join run_ends e on e.run_id = r.run_id) numbered
  where place = 1);

-- One row per pipeline and date: the last verdict on what is scored now.
create or replace temporary view verdicts as
select l.* from verdicts_log l where l.run_id in (
  select run_id from (
    select v.run_id, row_number() over (partition by v.pipeline, v.date order by v.judged_at desc, v.run_id) as place
    from verdicts_log v join current_slices s
      on s.stage = 'score' and s.pipeline = v.pipeline and s.date = v.date and s.run_id = v.score_run_id) numbered
  where place = 1);

-- What these verdicts rest on.
create or replace temporary view drift as
select l.* from drift_log l where l.run_id in (select run_id from verdicts);

-- The last evaluation of each challenger at a date.
create or replace temporary view current_evaluations as
select run_id from (
  select c.run_id, row_number() over (
    partition by c.pipeline, c.date, c.model_version order by e.ended_at desc nulls last, c.run_id) as place
  from (select distinct run_id, pipeline, date, model_version from metrics_log where role = 'challenger') c
    left join run_ends e on e.run_id = c.run_id) numbered
where place = 1;

-- Of released predictions the last measurement of each date.
create or replace temporary view metrics as
select l.* from metrics_log l where l.role <> 'released' and l.run_id in (select run_id from current_evaluations)
union all
select l.* from metrics_log l join (
  select numbered.* from (
    select m.run_id, m.pipeline, m.slice_value, row_number() over (
      partition by m.pipeline, m.slice_value order by m.date desc, e.ended_at desc nulls last, m.run_id) as place
    from (select distinct run_id, pipeline, slice_value, date from metrics_log where role = 'released') m
      left join run_ends e on e.run_id = m.run_id) numbered
  where place = 1) latest
  on latest.run_id = l.run_id and latest.pipeline = l.pipeline and latest.slice_value = l.slice_value
where l.role = 'released';

create or replace temporary view curves as
select l.* from curves_log l where l.run_id in (select run_id from current_evaluations);

-- What was last said of each challenger at a date.
create or replace temporary view gates as
select l.* from gates_log l where l.run_id in (
  select run_id from (
    select g.run_id, row_number() over (
      partition by g.pipeline, g.date, g.model_version order by e.ended_at desc nulls last, g.run_id) as place
    from (select distinct run_id, pipeline, date, model_version from gates_log) g
      left join run_ends e on e.run_id = g.run_id) numbered
  where place = 1);

-- Which version of a raw table an ingest made; the text of its outputs differs between engines, these parts don't.
create or replace temporary view ingests as
select run_id, regexp_extract(cast(outputs as string), 'raw/([A-Za-z0-9_.-]+)', 1) as source,
  cast(regexp_extract(cast(outputs as string), '([0-9]+)[^0-9]*$', 1) as bigint) as version
from runs_log where stage = 'ingest' and cast(outputs as string) like '%raw/%';

-- Slices of a snapshot's day whose content a later one took the place of. The slice of one file has the run of the file,
-- that of several has a run of their own; one that came back is no older one.
create or replace temporary view replaced_slices as
select held.run_id from (
  select run_id, source, day, max(version) as version from (
    select min(run_id) as run_id, source, day, version from files where day <> '' group by source, day, version having count(*) = 1
    union
    select i.run_id, f.source, f.day, f.version from ingests i join files f on f.source = i.source and f.version = i.version where f.day <> '') slices
  group by run_id, source, day) held
  join (select source, day, max(version) as version from files group by source, day) last
    on last.source = held.source and last.day = held.day and last.version > held.version;

-- The last validation of each slice that a raw table still holds: of a snapshot's day the last one.
create or replace temporary view current_validations as
select run_id, pipeline, slice_run_id from (
  select p.run_id, p.pipeline, p.slice_run_id, row_number() over (
    partition by p.pipeline, p.slice_run_id order by e.ended_at desc nulls last, p.run_id) as place
  from (select distinct run_id, pipeline, slice_run_id from profiles_log where split_part(profiles_log.table, '/', 1) = 'raw') p
    left join run_ends e on e.run_id = p.run_id) numbered
where place = 1 and slice_run_id not in (select run_id from replaced_slices);

-- Slices that a table holds now, and what models learned from.
create or replace temporary view profiles as
select l.* from profiles_log l
where l.run_id like 'reference/%'
  or l.run_id in (select run_id from current_validations)
  or exists (
    select 1 from current_slices s
    where s.pipeline = l.pipeline and s.date = l.day and s.run_id = l.slice_run_id
      and s.stage = case split_part(l.table, '/', 1) when 'scored' then 'score' when 'labels' then 'label' else 'features' end);

create or replace temporary view checks as
select l.* from checks_log l where l.run_id in (select run_id from current_validations);

-- What is refused now: neither mended, nor freed by an edit of the checks.
create or replace temporary view quarantine_{source} as
select l.* from quarantine_{source}_log l
where l.rule <> 'mended'
  and (l.slice_run_id is null and l.run_id not in (select run_id from replaced_slices) or l.run_id in (select validate_id from checks))
  and not exists (
    select 1 from quarantine_{source}_log m
    where m.rule = 'mended' and m._row_id = l._row_id
      and coalesce(m.slice_run_id, l.run_id) = coalesce(l.slice_run_id, l.run_id));

-- One row per entity: its last answer.
create or replace temporary view labels_{pipeline} as
select {columns} from (
  select *, row_number() over (partition by {entity} order by {last}) as place from labels_{pipeline}_log) numbered
where place = 1;

-- Which model scores which dates: from effective_from until before effective_until (null: still).
create or replace temporary view champions as
select pipeline, model_version, effective_from,
  lead(effective_from) over (partition by pipeline order by effective_from) as effective_until, kind, reason, run_id, promoted_at
from (
  select *, row_number() over (partition by pipeline, effective_from order by position desc) as place from promotions) numbered
where place = 1;
