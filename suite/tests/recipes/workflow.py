"""Plays .github/workflows/explore.yml on this machine, as GitHub would on several.

    workflow.py look          what must be so in the file
    workflow.py native FOLDER its steps, with the Linux program for pagelaw.exe; a shard fails
    workflow.py wine FOLDER   its steps, with pagelaw.exe in Wine

Run from the root of the repository, with PAGELAW in the environment. Artifacts are folders in FOLDER.
"""

import json
import os
import re
import shutil
import subprocess
import sys

import jsonschema
import yaml

PATH = ".github/workflows/explore.yml"
ROOT = os.getcwd()
ACTIONS = {"actions/checkout", "actions/upload-artifact", "actions/download-artifact"}
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def steps_of(jobs):
    return [(name, step) for name, job in jobs.items() for step in job["steps"]]


def needs_of(job):
    needs = job.get("needs", [])
    return [needs] if isinstance(needs, str) else needs


# ---- What must be so ------------------------------------------------------------------------------


def look(workflow):
    jobs = workflow["jobs"]
    assert list(jobs) == ["build", "explore", "merge"]
    assert workflow["defaults"]["run"]["shell"] == "bash"
    assert workflow["permissions"] == {"contents": "read"}
    for index, (name, job) in enumerate(jobs.items()):
        assert set(needs_of(job)) == set(list(jobs)[:index]), name
    for name, step in steps_of(jobs):
        assert ("run" in step) != ("uses" in step), (name, step)
        if "uses" in step:
            action, version = step["uses"].split("@")
            assert action in ACTIONS and re.fullmatch(r"v\d+|[0-9a-f]{40}", version), step
        else:
            look_at_script(step)
    look_at_shards(jobs["explore"])
    text = open(PATH).read()
    assert set(re.findall(r"inputs\.(\w+)", text)) == set(inputs_of(workflow)), "inputs"


def inputs_of(workflow):
    return workflow[True]["workflow_dispatch"]["inputs"]  # YAML takes the key `on` for a yes


# What a person typed reaches a script by its environment only, where it is no program.
def look_at_script(step):
    assert "${{" not in step["run"], step
    known = set(step.get("env", {})) | {"GITHUB_STEP_SUMMARY"}
    used = set(re.findall(r"\$\{?([A-Z_]+)", step["run"]))
    assert used <= known and set(step.get("env", {})) <= used, (used, known)


def look_at_shards(job):
    shards = job["strategy"]["matrix"]["shard"]
    assert job["strategy"]["fail-fast"] is False
    assert shards == list(range(1, len(shards) + 1)), shards
    step = next(step for step in job["steps"] if " explore " in step.get("run", ""))
    assert '--shard "$SHARD/$SHARDS"' in step["run"], step
    assert step["env"]["SHARD"] == "${{ matrix.shard }}", step
    assert step["env"]["SHARDS"] == "${{ strategy.job-total }}", step
    assert step["env"]["SEED"] == "${{ github.run_id }}", step


# ---- A play ---------------------------------------------------------------------------------------


class Play:
    """One run of the workflow. `program` is the script that plays pagelaw.exe; {} in it is the real
    one."""

    def __init__(self, workflow, folder, program, inputs, shards):
        self.jobs = workflow["jobs"]
        self.folder = folder
        self.program = program
        self.facts = {"always()": True, "cancelled()": False, "github.run_id": 17432109876,
                      "strategy.job-total": shards}
        self.facts.update({f"inputs.{name}": value for name, value in inputs.items()})
        self.summaries = {}
        self.results = {}
        for name, job in self.jobs.items():
            if "strategy" in job:
                ends = [self.run_job(name, job, shard) for shard in range(1, shards + 1)]
                self.results[name] = ends
                good = all(end == "success" for end in ends)
                self.facts[f"needs.{name}.result"] = "success" if good else "failure"
            else:
                self.results[name] = self.run_job(name, job, None)
                self.facts[f"needs.{name}.result"] = self.results[name]

    def value(self, expression):
        words = re.sub(r"[a-z]+(\.[\w-]+)+|always\(\)|cancelled\(\)",
                       lambda found: repr(self.facts[found[0]]), expression)
        return eval(words.replace("&&", " and ").replace("!", " not "), {"__builtins__": {}})

    def fill(self, text):
        return EXPRESSION.sub(lambda found: str(self.value(found[1])), str(text))

    def holds(self, part, good):
        if "if" not in part:
            return good
        return self.value(EXPRESSION.fullmatch(part["if"])[1])

    def run_job(self, name, job, shard):
        good = all(self.facts[f"needs.{needed}.result"] == "success" for needed in needs_of(job))
        if not self.holds(job, good):
            return "skipped"
        self.facts["matrix.shard"] = shard
        self.name = name if shard is None else f"{name}-{shard}"
        self.place = ROOT if name == "build" else os.path.join(self.folder, "at", self.name)
        os.makedirs(self.place, exist_ok=True)
        good = True
        for step in job["steps"]:
            if self.holds(step, good):
                good = self.run_step(step) and good
        return "success" if good else "failure"

    def run_step(self, step):
        if "run" in step:
            return self.run_script(step)
        options = {key: self.fill(value) for key, value in step.get("with", {}).items()}
        action = step["uses"].split("@")[0].split("/")[1]
        if action == "upload-artifact":
            return self.upload(options["name"], options["path"])
        if action == "download-artifact":
            self.download(options)
        return True

    def run_script(self, step):
        script = os.path.join(self.folder, "script.sh")
        summary = os.path.join(self.folder, f"summary-{self.name}.md")
        with open(script, "w") as file:
            file.write(step["run"])
        words = {key: self.fill(value) for key, value in step.get("env", {}).items()}
        ran = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
                             cwd=self.place, env={**os.environ, **words,
                                                  "GITHUB_STEP_SUMMARY": summary},
                             stdin=subprocess.DEVNULL)
        if os.path.exists(summary):
            self.summaries[self.name] = open(summary).read()
        return ran.returncode == 0

    def artifact(self, name):
        return os.path.join(self.folder, "artifacts", name)

    def upload(self, name, path):
        path = os.path.join(self.place, path)
        os.makedirs(self.artifact(name))
        if os.path.isdir(path):
            shutil.copytree(path, self.artifact(name), dirs_exist_ok=True)
        elif os.path.exists(path):
            shutil.copy2(path, self.artifact(name))
        return len(os.listdir(self.artifact(name))) > 0

    def download(self, options):
        place = os.path.join(self.place, options.get("path", "."))
        if "pattern" in options:
            start = options["pattern"].removesuffix("*")
            names = [name for name in os.listdir(self.artifact("")) if name.startswith(start)]
            assert options["merge-multiple"] == "True"
        else:
            names = [options["name"]]
        for name in names:
            shutil.copytree(self.artifact(name), place, dirs_exist_ok=True)
        if names == ["pagelaw"]:
            self.install_program(place)

    def install_program(self, place):
        path = os.path.join(place, "pagelaw.exe")
        real = os.path.join(place, "real.exe")
        assert open(path, "rb").read(2) == b"MZ"
        os.rename(path, real)
        with open(path, "w") as file:
            file.write("#!/bin/sh\n" + self.program.replace("{}", f"'{real}'"))
        os.chmod(path, 0o755)


def result_of(play, name):
    result = json.load(open(os.path.join(play.artifact("explored"), name)))
    jsonschema.Draft202012Validator(json.load(open("reports/result.schema.json"))).validate(result)
    return result


def play_native(workflow, folder):
    """All shards, the third of which cannot be run: the rest is merged, and the job has failed."""
    program = ('case " $* " in *" 3/8 "*) exit 2 ;; esac\n'
               'exec "$PAGELAW" "$@"\n')
    inputs = {"seconds": "100", "options": "--sequences 100 --pages 2", "scenarios": "access"}
    play = Play(workflow, folder, program, inputs, 8)
    assert play.results["build"] == play.results["merge"] == "success", play.results
    assert [i + 1 for i, end in enumerate(play.results["explore"]) if end != "success"] == [3]
    result = result_of(play, "result.json")
    assert result["interrupted"] and result["scenarios"] == [], result
    assert "which found no differences" in play.summaries["merge"], play.summaries
    suite = result_of(play, "suite.json")
    assert suite["counts"]["agree"] > 0 and suite["suite"]["scenarios"] > 0, suite["counts"]


def play_wine(workflow, folder):
    """Two shards, which find where Wine differs."""
    program = f"exec sh '{ROOT}/suite/wine.sh' {{}} \"$@\"\n"
    inputs = {"seconds": "1", "options": "--sequences 4",
              "scenarios": "native/protect-of-free-pages access"}
    play = Play(workflow, folder, program, inputs, 2)
    assert play.results == {"build": "success", "explore": ["success"] * 2,
                            "merge": "success"}, play.results
    result, suite = result_of(play, "result.json"), result_of(play, "suite.json")
    assert not result["interrupted"] and result["counts"]["differ"] > 0, result["counts"]
    assert suite["counts"]["differ"] == 1 and suite["backend"] == "win32", suite["counts"]
    for scenario in result["scenarios"]:
        name = os.path.basename(scenario["path"])
        kept = open(os.path.join(play.artifact("explored"), name), newline="").read()
        assert kept == scenario["text"], name
    look_at_summary(play.summaries["merge"], result)
    look_at_summary(play.summaries["explore-1"], suite)


def look_at_summary(summary, result):
    assert summary.startswith("# Pagelaw: native\n"), summary
    assert re.search(r"^\| \*\*all\*\* \|", summary, re.M), summary
    for rule in result["rules"]:
        assert "### " + rule["id"].replace("-", "\\-") in summary, (rule, summary)


def main():
    with open(PATH) as file:
        workflow = yaml.safe_load(file)
    what, *folder = sys.argv[1:]
    if what == "look":
        look(workflow)
    else:
        {"native": play_native, "wine": play_wine}[what](workflow, *folder)


main()
