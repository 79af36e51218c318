"""Makes many pipelines out of the demo's: the same sources, tables and nights, other names.

Run ids don't hold a pipeline's name, so the tables of a copy are those that it would have made. Data
files are hard links; the small tables get a commit for every 50 pipelines with the files and counters
that the demo's nights left.
"""

import json
import os
import shutil
import sys
from pathlib import Path

OWN = ["labels", "features", "scored", "predictions", "models"]
PER_COMMIT = 50


def link(source: Path, target: Path) -> None:
    shutil.copytree(source, target, copy_function=os.link)


def live(log: Path) -> tuple[list[dict], list[dict]]:
    """The live files of the demo's pipeline and the counters, from all commits."""
    adds, txns = {}, {}
    for commit in sorted(log.glob("*.json")):
        for line in commit.read_text().splitlines():
            action = json.loads(line)
            if "add" in action:
                adds[action["add"]["path"]] = action["add"]
            if "remove" in action:
                adds.pop(action["remove"]["path"], None)
            if "txn" in action:
                txns[action["txn"]["appId"]] = action["txn"]
    return [a for a in adds.values() if a["partitionValues"].get("pipeline") == "bank"], list(txns.values())


def main() -> None:
    demo, folder, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    lake, conf = folder / "lake", folder / "conf"
    shutil.copytree(demo, lake)
    shutil.copytree("conf/env", conf / "env")
    names = [f"bank-{i:03d}" for i in range(count)]
    spec = Path("conf/bank.yaml").read_text()
    assert "\npipeline: bank\n" in spec
    for name in names:
        (conf / f"{name}.yaml").write_text(spec.replace("\npipeline: bank\n", f"\npipeline: {name}\n"))
        for table in OWN:
            link(lake / table / "bank", lake / table / name)
    files = 0
    for small in sorted(path.parent for path in lake.glob("*/_delta_log")):
        adds, txns = live(small / "_delta_log")
        if not adds:
            continue
        version = max(int(path.stem) for path in (small / "_delta_log").glob("*.json") if path.stem.isdigit())
        for start in range(0, count, PER_COMMIT):
            version += 1
            lines = [{"commitInfo": {"timestamp": 0, "operation": "WRITE", "operationParameters": {}}}]
            for name in names[start : start + PER_COMMIT]:
                lines += [{"txn": {**txn, "appId": f"{name}/{txn['appId']}"}} for txn in txns]
                for add in adds:
                    path = add["path"].replace("pipeline=bank/", f"pipeline={name}/")
                    assert path != add["path"], path
                    (small / path).parent.mkdir(exist_ok=True)
                    os.link(small / add["path"], small / path)
                    lines.append({"add": {**add, "path": path, "partitionValues": {"pipeline": name}}})
                    files += 1
            text = "\n".join(json.dumps(line) for line in lines) + "\n"
            (small / "_delta_log" / f"{version:020d}.json").write_text(text)
    print(f"{count} pipelines; the small tables have {files} more files")


main()
