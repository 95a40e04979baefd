//! Builds Pagelaw with the Zig that ./zigw pins. `./zigw build --help` lists the steps.
//!
//! The tables come first: the sources of each part, every file by name, and the only folders that
//! its #include lines may reach. What is not in a part's `sees` does not compile there.

const std = @import("std");
const Build = std.Build;

const Part = struct {
    name: []const u8,
    sees: []const []const u8,
    sources: []const Sources,
};

/// Files of one platform or one processor, or, where nothing is said, of all; or for programs that
/// have libedit, or have not.
const Sources = struct {
    system: ?System = null,
    processor: ?std.Target.Cpu.Arch = null,
    line_editor: ?bool = null,
    files: []const []const u8,

    const System = enum { posix, linux, macos, windows };
};

/// Made by the build: a folder with uthash.h alone, one with each list alone, and two sources.
const uthash = "(uthash.h)";
const scenario_list = "(scenario_list.h)";
const mistake_list = "(mistake_list.h)";
const builtin_scenarios = "(builtin_scenarios.c)";
const site_assets = "(site_assets.c)";

const emu: Part = .{
    .name = "emu",
    .sees = &.{ "emu", "emu/include", uthash },
    .sources = &.{.{ .files = &.{
        "emu/access.c",
        "emu/change.c",
        "emu/contents.c",
        "emu/invariants.c",
        "emu/model.c",
        "emu/plan.c",
        "emu/plan_allocate.c",
        "emu/plan_free.c",
        "emu/plan_profile.c",
        "emu/plan_protect.c",
        "emu/plan_query.c",
        "emu/processor.c",
        "emu/profile.c",
        "emu/protection.c",
        "emu/resync.c",
        "emu/rules.c",
        "emu/runs.c",
        "emu/space.c",
        "emu/space_change.c",
        "emu/status.c",
        "emu/tree.c",
    } }},
};

const suite: Part = .{
    .name = "suite",
    .sees = &.{ "suite", "suite/explore", "suite/include", "suite/result", "emu/include", uthash },
    .sources = &.{
        .{ .files = &.{
            "suite/agent.c",
            "suite/arena.c",
            "suite/carry.c",
            "suite/constants.c",
            "suite/environment.c",
            "suite/execute.c",
            "suite/explore/act.c",
            "suite/explore/alphabet.c",
            "suite/explore/corpus.c",
            "suite/explore/exhaustive.c",
            "suite/explore/explore.c",
            "suite/explore/finding.c",
            "suite/explore/finding_scenario.c",
            "suite/explore/marks.c",
            "suite/explore/random.c",
            "suite/explore/screen.c",
            "suite/explore/screen_act.c",
            "suite/explore/screen_state.c",
            "suite/explore/screener.c",
            "suite/explore/shrink.c",
            "suite/explore/state_space.c",
            "suite/explore/story.c",
            "suite/explore/trier.c",
            "suite/expression.c",
            "suite/greeting.c",
            "suite/heap.c",
            "suite/judge.c",
            "suite/judge_call.c",
            "suite/judge_draw.c",
            "suite/judge_map.c",
            "suite/judge_pin.c",
            "suite/judge_touch.c",
            "suite/judge_transcript.c",
            "suite/last_words.c",
            "suite/lexer.c",
            "suite/model_backend.c",
            "suite/nearest.c",
            "suite/operations.c",
            "suite/parse_expression.c",
            "suite/parse_name.c",
            "suite/parse_pin.c",
            "suite/parse_step.c",
            "suite/parser.c",
            "suite/pattern.c",
            "suite/print.c",
            "suite/print_address.c",
            "suite/print_outcome.c",
            "suite/repro.c",
            "suite/repro_limit.c",
            "suite/repro_step.c",
            "suite/repro_touch.c",
            "suite/repro_words.c",
            "suite/recording/compare.c",
            "suite/recording/findings.c",
            "suite/recording/layer_trace.c",
            "suite/recording/log_words.c",
            "suite/recording/ranges.c",
            "suite/recording/reach.c",
            "suite/recording/recording.c",
            "suite/recording/story.c",
            "suite/recording/wine.c",
            "suite/runner.c",
            "suite/step_text.c",
            "suite/text.c",
            "suite/touch.c",
            "suite/trace.c",
            "suite/utf8.c",
            "suite/watches.c",
            "suite/wire.c",
            "suite/wire_read.c",
            builtin_scenarios,
        } },
        .{ .system = .posix, .files = &.{
            "suite/channel_posix.c",
            "suite/process_posix.c",
            "suite/terminal_posix.c",
        } },
        .{ .system = .linux, .files = &.{
            "suite/host_linux.c",
        } },
        .{ .system = .windows, .files = &.{
            "suite/channel_windows.c",
            "suite/host_windows.c",
            "suite/process_windows.c",
            "suite/terminal_windows.c",
        } },
    },
};

const native: Part = .{
    .name = "native",
    .sees = &.{ "native", "native/include", "emu/include", "suite/include" },
    .sources = &.{
        .{ .files = &.{
            "native/port/api.c",
            "native/port/backend.c",
            "native/probe/touch.c",
        } },
        .{ .processor = .x86_64, .files = &.{
            "native/probe/x86_64.c",
        } },
        .{ .processor = .x86, .files = &.{
            "native/probe/x86.c",
        } },
        .{ .processor = .aarch64, .files = &.{
            "native/probe/aarch64.c",
        } },
        .{ .system = .posix, .files = &.{
            "native/port/library_posix.c",
            "native/port/shield_posix.c",
            "native/posix/arena.c",
            "native/posix/backend.c",
            "native/posix/commit_limit.c",
            "native/posix/complain.c",
            "native/posix/fault.c",
            "native/posix/heap.c",
            "native/posix/host.c",
            "native/posix/layer.c",
            "native/posix/record.c",
            "native/posix/stack.c",
        } },
        .{ .system = .linux, .files = &.{
            "native/port/library_elf.c",
            "native/posix/linux_maps.c",
        } },
        .{ .system = .linux, .processor = .x86_64, .files = &.{
            "native/posix/linux_x86_64.c",
        } },
        .{ .system = .linux, .processor = .aarch64, .files = &.{
            "native/posix/linux_aarch64.c",
        } },
        .{ .system = .windows, .files = &.{
            "native/port/library_windows.c",
            "native/port/shield_windows.c",
            "native/win32/backend.c",
            "native/win32/commit_limit.c",
            "native/win32/describe.c",
            "native/win32/fault.c",
        } },
        .{ .system = .windows, .processor = .x86_64, .files = &.{
            "native/win32/context_x86_64.c",
        } },
        .{ .system = .windows, .processor = .x86, .files = &.{
            "native/win32/context_x86.c",
        } },
        .{ .system = .windows, .processor = .aarch64, .files = &.{
            "native/win32/context_aarch64.c",
        } },
    },
};

/// A main for programs that have wmain; apart, for the linker takes it only where there is no other.
const sdk_main: Part = .{
    .name = "sdk_main",
    .sees = &.{},
    .sources = &.{.{ .system = .posix, .files = &.{"native/sdk/wmain.c"} }},
};

/// What a program that links libpagelaw.a sees of it: names that begin as Windows's do, and ours.
const sdk_names = [_][]const u8{
    "[A-Z]*",     "pagelaw_*",  "_snprintf",   "_snwprintf",
    "_swprintf",  "_vsnprintf", "_vsnwprintf",
};

/// The Windows SDK on top of the emulation layer: what is in libpagelaw.a under Windows's names.
const sdk: Part = .{
    .name = "sdk",
    .sees = &.{ "native", "native/include/pagelaw/win32", "emu/include", "suite/include" },
    .sources = &.{
        .{ .system = .posix, .files = &.{
            "native/sdk/bad_pointer.c",
            "native/sdk/format.c",
            "native/sdk/lock.c",
            "native/sdk/memory.c",
            "native/sdk/native.c",
            "native/sdk/print.c",
            "native/sdk/region.c",
            "native/sdk/seh.c",
            "native/sdk/seh_raise.c",
            "native/sdk/seh_vectored.c",
            "native/sdk/system.c",
        } },
        .{ .system = .linux, .processor = .x86_64, .files = &.{
            "native/sdk/seh_x86_64.c",
        } },
        .{ .system = .linux, .processor = .aarch64, .files = &.{
            "native/sdk/seh_aarch64.c",
        } },
    },
};

const reports: Part = .{
    .name = "reports",
    .sees = &.{
        "reports",
        "reports/baseline",
        "reports/include",
        "reports/site",
        "suite/result",
    },
    .sources = &.{.{ .files = &.{
        "reports/baseline/apply.c",
        "reports/baseline/baseline.c",
        "reports/baseline/compare.c",
        "reports/baseline/read.c",
        "reports/baseline/update.c",
        "reports/baseline/versions.c",
        "reports/baseline/write.c",
        "reports/beside.c",
        "reports/book_count.c",
        "reports/book_json.c",
        "reports/book_markdown.c",
        "reports/book_text.c",
        "reports/diff/json.c",
        "reports/diff/make.c",
        "reports/diff/markdown.c",
        "reports/diff/text.c",
        "reports/entries.c",
        "reports/extent.c",
        "reports/format.c",
        "reports/full.c",
        "reports/glyph.c",
        "reports/groups.c",
        "reports/json.c",
        "reports/json_read.c",
        "reports/json_write.c",
        "reports/junit.c",
        "reports/load_text.c",
        "reports/markdown_text.c",
        "reports/markup.c",
        "reports/merge.c",
        "reports/page.c",
        "reports/parts.c",
        "reports/read_arena.c",
        "reports/read_exploration.c",
        "reports/read_result.c",
        "reports/read_scenario.c",
        "reports/reading.c",
        "reports/result_html.c",
        "reports/result_markdown.c",
        "reports/save.c",
        "reports/short.c",
        "reports/summary.c",
        "reports/tally.c",
        "reports/tap.c",
        "reports/text.c",
        "reports/verdicts.c",
        "reports/words.c",
        "reports/site/cells.c",
        "reports/site/html.c",
        "reports/site/html_about.c",
        "reports/site/html_behaviour.c",
        "reports/site/html_changes.c",
        "reports/site/html_map.c",
        "reports/site/html_matrix.c",
        "reports/site/html_rule.c",
        "reports/site/html_scenario.c",
        "reports/site/html_site.c",
        "reports/site/layout.c",
        "reports/site/handbook.c",
        "reports/site/handbook_rule.c",
        "reports/site/pairs.c",
        "reports/site/region.c",
        "reports/site/rules.c",
        "reports/site/scenarios.c",
        "reports/site/site.c",
        "reports/site/subjects.c",
        "reports/site/transcript.c",
        site_assets,
    } }, .{
        .system = .posix,
        .files = &.{"reports/save_posix.c"},
    }, .{
        .system = .windows,
        .files = &.{"reports/save_windows.c"},
    } },
};

const program: Part = .{
    .name = "pagelaw",
    .sees = &.{
        "suite/main",
        "emu/include",
        "suite/include",
        "suite/result",
        "native/include",
        "reports/include",
    },
    .sources = &.{
        .{ .files = &.{
            "suite/main/again.c",
            "suite/main/agent_command.c",
            "suite/main/check.c",
            "suite/main/check_options.c",
            "suite/main/interrupt.c",
            "suite/main/judge_command.c",
            "suite/main/diff_command.c",
            "suite/main/explore_command.c",
            "suite/main/explore_options.c",
            "suite/main/explore_report.c",
            "suite/main/load.c",
            "suite/main/load_result.c",
            "suite/main/main.c",
            "suite/main/make_book.c",
            "suite/main/merge_command.c",
            "suite/main/record_command.c",
            "suite/main/repl_command.c",
            "suite/main/repl_plain.c",
            "suite/main/repl_session.c",
            "suite/main/repl_show.c",
            "suite/main/report_command.c",
            "suite/main/report_options.c",
            "suite/main/repro_command.c",
            "suite/main/result_baseline.c",
            "suite/main/result_out.c",
            "suite/main/rules_command.c",
            "suite/main/save_lasting.c",
            "suite/main/subject.c",
        } },
        .{ .system = .posix, .files = &.{
            "suite/main/file_settle_posix.c",
            "suite/main/folder_posix.c",
            "suite/main/interrupt_posix.c",
            "suite/main/record_posix.c",
        } },
        .{ .system = .windows, .files = &.{
            "suite/main/file_settle_windows.c",
            "suite/main/folder_windows.c",
            "suite/main/interrupt_windows.c",
            "suite/main/record_windows.c",
        } },
        .{ .line_editor = true, .files = &.{"suite/main/repl_editor.c"} },
        .{ .line_editor = false, .files = &.{"suite/main/repl_no_editor.c"} },
    },
};

const mutant_files = [_][]const u8{
    "suite/mutants/answer.c",
    "suite/mutants/kept.c",
    "suite/mutants/kinds_answers.c",
    "suite/mutants/kinds_bounds.c",
    "suite/mutants/kinds_contents.c",
    "suite/mutants/kinds_done.c",
    "suite/mutants/kinds_own.c",
    "suite/mutants/kinds_refused.c",
    "suite/mutants/kinds_told.c",
    "suite/mutants/kinds_touch.c",
    "suite/mutants/list.c",
    "suite/mutants/reach.c",
    "suite/mutants/reasons.c",
    "suite/mutants/score.c",
    "suite/mutants/subject.c",
    "suite/mutants/trial.c",
};

/// The model with its rules broken, one at a time, as subjects of the suite.
const mutants: Part = .{
    .name = "mutants",
    .sees = &.{ "suite/mutants", "emu/include", "suite/include", "suite/result" },
    .sources = &.{
        .{ .files = &mutant_files },
        .{ .system = .posix, .files = &.{
            "suite/mutants/main.c",
            "suite/mutants/pool.c",
        } },
    },
};

/// An array of pages that obeys the law, and what runs it beside the model.
const naive_files = [_][]const u8{
    "suite/tests/naive.c",
    "suite/tests/naive_98.c",
    "suite/tests/naive_allocate.c",
    "suite/tests/naive_call.c",
    "suite/tests/naive_compare.c",
    "suite/tests/naive_law.c",
    "suite/tests/naive_make.c",
    "suite/tests/naive_rows.c",
    "suite/tests/naive_run.c",
    "suite/tests/naive_states.c",
    "suite/tests/strict_heap.c",
};

/// A line that starts with `Test(`, `Theory(` or `ParameterizedTest(` is a test, and a line
/// `#include "scenario_list.h"` is a test for each scenario, `#include "mistake_list.h"` one for each
/// mistake: fewer must not run.
const tests: Part = .{
    .name = "tests",
    .sees = &.{
        "suite/tests",
        "suite/mutants",
        "emu",
        "emu/include",
        "suite",
        "suite/explore",
        "suite/include",
        "suite/result",
        "native",
        "native/include",
        "reports",
        "reports/baseline",
        "reports/include",
        "reports/site",
        uthash,
        scenario_list,
        mistake_list,
    },
    .sources = &.{.{ .system = .posix, .files = &([_][]const u8{
        "suite/tests/bad_backend.c",
        "suite/tests/fake_agent.c",
        "suite/tests/golden.c",
        "suite/tests/judged.c",
        "suite/tests/lawful.c",
        "suite/tests/liar.c",
        "suite/tests/liar_tales.c",
        "suite/tests/main.c",
        "suite/tests/parsing.c",
        "suite/tests/scenario_run.c",
        "suite/tests/started.c",
        "suite/tests/test_baseline.c",
        "suite/tests/test_book.c",
        "suite/tests/test_browser.c",
        "suite/tests/test_command.c",
        "suite/tests/test_diff.c",
        "suite/tests/test_examples.c",
        "suite/tests/test_execute.c",
        "suite/tests/test_explore.c",
        "suite/tests/test_formats.c",
        "suite/tests/test_heap.c",
        "suite/tests/test_judge.c",
        "suite/tests/test_judge_damage.c",
        "suite/tests/test_judge_draw.c",
        "suite/tests/test_judge_lies.c",
        "suite/tests/test_language.c",
        "suite/tests/test_language_errors.c",
        "suite/tests/test_language_limits.c",
        "suite/tests/test_language_names.c",
        "suite/tests/test_layer_trace.c",
        "suite/tests/test_layer.c",
        "suite/tests/test_model.c",
        "suite/tests/test_mutants.c",
        "suite/tests/test_naive.c",
        "suite/tests/test_native.c",
        "suite/tests/test_native_host.c",
        "suite/tests/test_native_refusals.c",
        "suite/tests/test_plan.c",
        "suite/tests/test_port.c",
        "suite/tests/test_ports.c",
        "suite/tests/test_print.c",
        "suite/tests/test_recipes.c",
        "suite/tests/test_recording.c",
        "suite/tests/test_repl.c",
        "suite/tests/test_read_result.c",
        "suite/tests/test_repro.c",
        "suite/tests/test_reports.c",
        "suite/tests/test_rules.c",
        "suite/tests/test_run.c",
        "suite/tests/test_save.c",
        "suite/tests/test_scenarios_model.c",
        "suite/tests/test_scenarios_native.c",
        "suite/tests/test_sdk.c",
        "suite/tests/test_site.c",
        "suite/tests/test_tree.c",
        "suite/tests/test_verdicts.c",
        "suite/tests/test_wine.c",
        "suite/tests/test_wire.c",
        "suite/mutants/pool.c",
    } ++ naive_files ++ mutant_files) }},
};

/// The model beside the naive oracle of the tests, for longer than a test may take.
const oracle: Part = .{
    .name = "oracle",
    .sees = &.{ "suite/tests", "suite", "suite/explore", "emu/include", "suite/include", "suite/result" },
    .sources = &.{.{ .system = .posix, .files = &(naive_files ++ .{
        "suite/tests/oracle.c",
    }) }},
};

/// A program of its own, for the thread sanitizer.
const thread_stress: Part = .{
    .name = "thread_stress",
    .sees = &.{ "native/include", "emu/include", "suite/include" },
    .sources = &.{.{ .system = .posix, .files = &.{"suite/tests/thread_stress.c"} }},
};
const thread_stress_path = "tests/thread_stress";

const bench: Part = .{
    .name = "bench",
    .sees = &.{
        "suite/bench",
        "emu/include",
        "suite/include",
        "suite/result",
        "native",
        "native/include",
    },
    .sources = &.{.{ .system = .linux, .files = &.{
        "suite/bench/explore.c",
        "suite/bench/judge.c",
        "suite/bench/layer.c",
        "suite/bench/main.c",
        "suite/bench/measure.c",
        "suite/bench/model.c",
        "suite/bench/suite.c",
        "suite/bench/table.c",
        "suite/bench/wine.c",
    } }},
};

/// What the bench measures in Wine.
const in_wine: Part = .{
    .name = "in_wine",
    .sees = &.{},
    .sources = &.{.{ .system = .windows, .files = &.{"suite/bench/in_wine.c"} }},
};

/// In the order in which a linker wants them: each before those that it uses.
// The results in reports/published, in the order in which the handbook shows them.
const published = [_][]const u8{
    "windows-7-x64",
    "windows-8.1-x64",
    "windows-10-1507-x64",
    "windows-10-1709-x64",
    "windows-10-1809-x64",
    "windows-10-x64",
    "windows-11-x64",
    "windows-11-arm64",
    "wine-5.0-x86_64",
    "wine-8.0-x86_64",
    "wine-10.0-x86_64",
    "wine-5.0-x86",
    "wine-8.0-x86",
    "wine-10.0-x86",
    "layer-linux",
};

const libraries = [_]Part{ native, suite, reports, emu };

const public_headers = "emu/include/pagelaw";
const win32_headers = "native/include/pagelaw/win32";
const layer_header = "native/include/pagelaw/layer.h";
const ports_folder = "native/ports";
const mistakes_folder = "native/ports/mistakes";
const scenarios_folder = "suite/scenarios";

/// The build's own array of scenarios has longer strings than C11 promises to take.
const c_flags = [_][]const u8{
    "-std=c11",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wconversion",
    "-Wshadow",
    "-Wstrict-prototypes",
    "-Wmissing-prototypes",
    "-Wno-overlength-strings",
    "-Werror",
};
/// For the files of one system or processor, which may see the host's headers in full.
/// Their printf is the host's, whatever the SDK's headers make of it for programs.
const host_flags = c_flags ++ .{ "-D_GNU_SOURCE", "-DPAGELAW_HOST_PRINTF" };
/// A mistake may leave a function of the reference without a use.
const port_flags = c_flags ++ .{ "-fvisibility=hidden", "-Wno-unused" };
/// gcc's -Wmaybe-uninitialized is wrong too often under its sanitizers.
const sanitizers = [_][]const u8{
    "-g",
    "-O1",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
    "-Wno-maybe-uninitialized",
};

const thread_sanitizer = [_][]const u8{ "-g", "-O1", "-fsanitize=thread", "-fPIE", "-pie" };

const windows_processors = [_]std.Target.Cpu.Arch{ .x86_64, .x86, .aarch64 };

/// Targets without an operating system of ours: the model has to compile for each.
const portable_targets = [_]std.Target.Query{
    .{ .cpu_arch = .wasm32, .os_tag = .wasi },
    .{ .cpu_arch = .powerpc, .os_tag = .linux, .abi = .musleabi },
};

pub fn build(b: *Build) void {
    const target = b.standardTargetOptions(.{});
    const optimize = b.option(
        std.builtin.OptimizeMode,
        "optimize",
        "How to build what is installed (default: ReleaseSafe, fast and still checked)",
    ) orelse .ReleaseSafe;

    const scenarios = readScenarios(b);
    const mistakes = readMistakes(b);
    const chosen: Kit = .{
        .b = b,
        .target = target,
        .optimize = optimize,
        .uthash = copyUthash(b),
        .scenarios = b.addWriteFiles().add("builtin_scenarios.c", scenarioSource(b, scenarios)),
        .site_assets = b.addWriteFiles().add("site_assets.c", siteAssets(b)),
        .scenario_list = b.addWriteFiles().add("scenario_list.h", scenarioList(b, scenarios)),
        .mistake_list = b.addWriteFiles().add("mistake_list.h", mistakeList(b, mistakes)),
    };

    install(chosen);

    const windows_step = b.step("windows", "Build pagelaw.exe for x86_64, x86 and aarch64");
    addWindows(chosen, windows_step);

    const portable_step = b.step("portable", "Compile the model alone, for targets without our OS");
    addPortable(chosen, portable_step);

    const ports_step = b.step("ports", "Build the reference port, and it with each mistake");
    addPorts(chosen, mistakes, ports_step);

    const check_step = b.step("check", "Run the suite on every subject that this machine has");
    addSite(b, b.step("site", "Make the handbook of the published results, in zig-out/site"));
    const test_step = b.step("test", "Run all tests");
    const try_step = b.step("try", "Run some tests in Debug alone: try -- --filter='judge/*'");
    addMutants(chosen, b.step("mutate", "Break the model rule by rule: what does the suite see?"));
    addOracle(chosen, b.step("oracle", "A million random calls, or with -- --pages N each state, on the model and a naive oracle"));
    addBench(chosen, b.step("bench", "Measure the numbers to hold (on Linux)"));
    if (target.query.isNative()) {
        check_step.dependOn(&addCheck(chosen).step);
        const run = addTests(chosen, countTests(b, scenarios.len, mistakes.len));
        run.step.dependOn(ports_step);
        run.step.dependOn(windows_step);
        run.step.dependOn(portable_step);
        test_step.dependOn(&run.step);
        const some = addTry(chosen);
        some.step.dependOn(ports_step);
        try_step.dependOn(&some.step);
    } else {
        const fail = b.addFail("check and test run on this machine: leave -Dtarget out");
        check_step.dependOn(&fail.step);
        test_step.dependOn(&fail.step);
        try_step.dependOn(&fail.step);
    }
}

// The steps

fn install(kit: Kit) void {
    const b = kit.b;
    b.installArtifact(kit.addExecutable(program, program.name));
    b.getInstallStep().dependOn(&b.addInstallLibFile(kit.addLayer(), "libpagelaw.a").step);
    b.installDirectory(.{
        .source_dir = b.path(public_headers),
        .install_dir = .header,
        .install_subdir = "pagelaw",
    });
    b.installDirectory(.{
        .source_dir = b.path(win32_headers),
        .install_dir = .header,
        .install_subdir = "pagelaw/win32",
    });
    b.installFile(layer_header, "include/pagelaw/layer.h");
    installSdk(kit);
}

/// What the SDK's folder does not have as it is. Many sources write the header's name with a capital,
/// which is another file but on hosts that do not tell the two apart.
fn installSdk(kit: Kit) void {
    const b = kit.b;
    const files = b.addWriteFiles();
    const package = files.add("pagelaw-win32.pc", b.fmt(
        \\prefix=${{pcfiledir}}/../..
        \\
        \\Name: pagelaw-win32
        \\Description: Windows virtual memory for POSIX programs: the SDK's headers, and the emulation layer
        \\Version: {s}
        \\Cflags: -I${{prefix}}/include/pagelaw/win32
        \\Libs: -L${{prefix}}/lib -lpagelaw -lpthread
        \\
    , .{readVersion(b)}));
    b.getInstallStep().dependOn(&b.addInstallLibFile(package, "pkgconfig/pagelaw-win32.pc").step);
    if (kit.target.result.os.tag == .linux) {
        const capital = files.add("Windows.h", "#include \"windows.h\"\n");
        b.getInstallStep().dependOn(
            &b.addInstallHeaderFile(capital, "pagelaw/win32/Windows.h").step,
        );
    }
}

/// The first string in the program's version.h.
fn readVersion(b: *Build) []const u8 {
    const text = b.build_root.handle.readFileAlloc(b.allocator, "suite/main/version.h", 4096) catch
        @panic("suite/main/version.h cannot be read");
    var parts = std.mem.splitScalar(u8, text, '"');
    _ = parts.next();
    return parts.next() orelse @panic("suite/main/version.h names no version");
}

fn addWindows(kit: Kit, step: *Build.Step) void {
    for (windows_processors) |processor| step.dependOn(installOnWindows(kit, processor));
}

fn installOnWindows(kit: Kit, processor: std.Target.Cpu.Arch) *Build.Step {
    const exe = kit.onWindows(processor).addExecutable(program, program.name);
    const dest = kit.b.fmt("windows/{s}", .{@tagName(processor)});
    return &kit.b.addInstallArtifact(exe, .{
        .dest_dir = .{ .override = .{ .custom = dest } },
        .pdb_dir = .disabled,
    }).step;
}

fn addPortable(kit: Kit, step: *Build.Step) void {
    for (portable_targets) |query| {
        const there = kit.to(kit.b.resolveTargetQuery(query), kit.optimize);
        step.dependOn(&there.addLibrary(emu).step);
    }
}

/// Runs what is installed, so that a report can say how to run a scenario again.
fn addCheck(kit: Kit) *Build.Step.Run {
    const b = kit.b;
    const run = addScript(b, "suite/check.sh");
    run.addArg(b.getInstallPath(.bin, "pagelaw"));
    run.addArg(kit.windowsProgram());
    run.addArg(b.getInstallPath(.prefix, "reports"));
    run.step.dependOn(b.getInstallStep());
    run.step.dependOn(installOnWindows(kit, kit.target.result.cpu.arch));
    return run;
}

/// From what reports/published/collect.sh made.
fn addSite(b: *Build, step: *Build.Step) void {
    const run = b.addSystemCommand(&.{ b.getInstallPath(.bin, "pagelaw"), "report" });
    for (published) |name| run.addArg(b.fmt("reports/published/{s}.json", .{name}));
    run.addArgs(&.{ "--format", "html", "--output", b.getInstallPath(.prefix, "site") });
    run.setCwd(b.path("."));
    run.step.dependOn(b.getInstallStep());
    step.dependOn(&run.step);
}

/// Where the tests find them too.
fn portsPath(b: *Build) []const u8 {
    return b.getInstallPath(.prefix, "ports");
}

/// The reference port is for hosts that have mmap.
fn addPorts(kit: Kit, mistakes: []const Mistake, step: *Build.Step) void {
    const b = kit.b;
    if (kit.target.result.os.tag == .windows) {
        step.dependOn(&b.addFail("the reference port is for systems that have mmap").step);
        return;
    }
    const reference = b.pathJoin(&.{ ports_folder, "reference.c" });
    step.dependOn(installPort(kit, "reference", b.path(reference)));
    const text = b.build_root.handle.readFileAlloc(b.allocator, reference, 1 << 20) catch
        @panic("cannot read the reference port");
    for (mistakes) |mistake| {
        if (makeMistake(b, text, mistake)) |changed| {
            const file = b.addWriteFiles().add(b.fmt("{s}.c", .{mistake.name}), changed);
            step.dependOn(installPort(kit, mistake.name, file));
        } else step.dependOn(&b.addFail(b.fmt(
            "{s}/{s}.patch: a hunk of it is not exactly once in the reference port",
            .{ mistakes_folder, mistake.name },
        )).step);
    }
}

fn installPort(kit: Kit, name: []const u8, source: Build.LazyPath) *Build.Step {
    const b = kit.b;
    const module = b.createModule(.{
        .target = kit.target,
        .optimize = .ReleaseFast,
        .link_libc = true,
    });
    module.addIncludePath(b.path(ports_folder));
    module.addCSourceFile(.{ .file = source, .flags = &port_flags });
    const library = b.addLibrary(.{ .name = name, .root_module = module, .linkage = .dynamic });
    return &b.addInstallArtifact(library, .{
        .dest_dir = .{ .override = .{ .custom = "ports" } },
        .dest_sub_path = b.fmt("{s}.so", .{name}),
    }).step;
}

fn addMutants(kit: Kit, step: *Build.Step) void {
    const b = kit.b;
    if (!kit.target.query.isNative() or kit.target.result.os.tag == .windows) {
        step.dependOn(&b.addFail("mutate runs on this machine, which must not be a Windows").step);
        return;
    }
    const run = b.addRunArtifact(kit.addExecutable(mutants, mutants.name));
    run.addArg(b.getInstallPath(.prefix, "reports/mutants.txt"));
    run.has_side_effects = true;
    run.stdio = .inherit;
    step.dependOn(&run.step);
}

/// What follows `--` goes to the oracle: `--help` tells more.
fn addOracle(kit: Kit, step: *Build.Step) void {
    const b = kit.b;
    if (!kit.target.query.isNative() or kit.target.result.os.tag == .windows) {
        step.dependOn(&b.addFail("oracle runs on this machine, which must not be a Windows").step);
        return;
    }
    const run = b.addRunArtifact(kit.addExecutable(oracle, oracle.name));
    if (b.args) |args| run.addArgs(args);
    run.has_side_effects = true;
    run.stdio = .inherit;
    step.dependOn(&run.step);
}

/// Built as what is installed is, which it times as well.
fn addBench(kit: Kit, step: *Build.Step) void {
    const b = kit.b;
    if (!kit.target.query.isNative() or kit.target.result.os.tag != .linux) {
        step.dependOn(&b.addFail("bench runs on this machine, which has to be a Linux").step);
        return;
    }
    const run = b.addRunArtifact(kit.addExecutable(bench, bench.name));
    run.addArtifactArg(kit.addExecutable(program, program.name));
    run.addArg(@tagName(kit.optimize));
    run.addArtifactArg(kit.onWindows(.x86_64).addBare(in_wine));
    run.addArtifactArg(kit.onWindows(.x86_64).addExecutable(program, program.name));
    run.setEnvironmentVariable("WINEPREFIX", winePrefix(b));
    run.setCwd(b.path("."));
    run.has_side_effects = true;
    run.stdio = .inherit;
    step.dependOn(&run.step);
}

/// Runs the tests, built in three ways, one after another, and prints the sum.
fn addTests(kit: Kit, count: usize) *Build.Step.Run {
    const run = addScript(kit.b, "suite/tests/tally.sh");
    run.addArtifactArg(kit.addExecutable(program, program.name));
    run.addArg(kit.windowsProgram());
    run.addArg(kit.b.fmt("{d}", .{count}));
    run.addArtifactArg(kit.to(kit.target, .Debug).addTestProgram("tests-debug"));
    run.addArtifactArg(kit.to(kit.target, .ReleaseSafe).addTestProgram("tests-release"));
    run.addFileArg(kit.addSanitizedTestProgram("tests-sanitized"));
    run.step.dependOn(kit.b.getInstallStep());
    run.setEnvironmentVariable("PAGELAW_PORTS", portsPath(kit.b));
    run.step.dependOn(&kit.installThreadStress().step);
    run.setEnvironmentVariable("PAGELAW_STRESS", kit.b.getInstallPath(.prefix, thread_stress_path));
    run.setEnvironmentVariable("PAGELAW_PREFIX", kit.b.getInstallPath(.prefix, ""));
    run.setEnvironmentVariable("PAGELAW_ZIG", kit.b.graph.zig_exe);
    return run;
}

/// What follows `--` goes to Criterion.
fn addTry(kit: Kit) *Build.Step.Run {
    const run = kit.b.addRunArtifact(kit.to(kit.target, .Debug).addTestProgram("tests-debug"));
    const name = kit.b.getInstallPath(.prefix, "bin/pagelaw");
    run.step.dependOn(kit.b.getInstallStep());
    run.setCwd(kit.b.path("."));
    run.setEnvironmentVariable("PAGELAW", name);
    run.setEnvironmentVariable("PAGELAW_EXE", kit.windowsProgram());
    run.setEnvironmentVariable("PAGELAW_PORTS", portsPath(kit.b));
    run.step.dependOn(&kit.installThreadStress().step);
    run.setEnvironmentVariable("PAGELAW_STRESS", kit.b.getInstallPath(.prefix, thread_stress_path));
    run.setEnvironmentVariable("PAGELAW_PREFIX", kit.b.getInstallPath(.prefix, ""));
    run.setEnvironmentVariable("PAGELAW_ZIG", kit.b.graph.zig_exe);
    if (kit.b.args) |args| run.addArgs(args);
    run.has_side_effects = true;
    run.stdio = .inherit;
    return run;
}

fn winePrefix(b: *Build) []const u8 {
    const cache = b.cache_root.handle.realpathAlloc(b.allocator, ".") catch @panic("no cache");
    return b.pathJoin(&.{ cache, "wine" });
}

/// A script that runs each time and says what it says to the terminal as it comes.
fn addScript(b: *Build, path: []const u8) *Build.Step.Run {
    const run = b.addSystemCommand(&.{"sh"});
    run.setCwd(b.path("."));
    run.addFileArg(b.path(path));
    run.setEnvironmentVariable("WINEPREFIX", winePrefix(b));
    run.setName(path);
    run.has_side_effects = true;
    run.stdio = .inherit;
    return run;
}

// Building a part for a target

const Source = struct { name: []const u8, file: Build.LazyPath, flags: []const []const u8 };

const Kit = struct {
    b: *Build,
    target: Build.ResolvedTarget,
    optimize: std.builtin.OptimizeMode,
    uthash: Build.LazyPath,
    scenarios: Build.LazyPath,
    site_assets: Build.LazyPath,
    scenario_list: Build.LazyPath,
    mistake_list: Build.LazyPath,

    fn to(kit: Kit, target: Build.ResolvedTarget, optimize: std.builtin.OptimizeMode) Kit {
        var other = kit;
        other.target = target;
        other.optimize = optimize;
        return other;
    }

    fn onWindows(kit: Kit, processor: std.Target.Cpu.Arch) Kit {
        const query: std.Target.Query = .{
            .cpu_arch = processor,
            .os_tag = .windows,
            .abi = .gnu,
        };
        return kit.to(kit.b.resolveTargetQuery(query), kit.optimize);
    }

    /// Where the program for Windows on this processor is installed.
    fn windowsProgram(kit: Kit) []const u8 {
        const processor = @tagName(kit.target.result.cpu.arch);
        return kit.b.getInstallPath(.prefix, kit.b.fmt("windows/{s}/pagelaw.exe", .{processor}));
    }

    fn sources(kit: Kit, part: Part) []const Source {
        var list: std.ArrayList(Source) = .empty;
        for (part.sources) |group| {
            if (!kit.takes(group)) continue;
            const of_all = group.system == null and group.processor == null and
                group.line_editor == null;
            for (group.files) |name| list.append(kit.b.allocator, .{
                .name = name,
                .file = kit.sourceFile(name),
                .flags = if (of_all) &c_flags else &host_flags,
            }) catch @panic("OOM");
        }
        return list.items;
    }

    fn takes(kit: Kit, group: Sources) bool {
        const target = kit.target.result;
        if (group.processor) |processor| {
            if (processor != target.cpu.arch) return false;
        }
        if (group.line_editor) |wanted| {
            if (wanted != kit.hasLineEditor()) return false;
        }
        return switch (group.system orelse return true) {
            .posix => target.os.tag != .windows,
            .linux => target.os.tag == .linux,
            .macos => target.os.tag == .macos,
            .windows => target.os.tag == .windows,
        };
    }

    /// Whether this is built for the very machine, which has libedit.
    fn hasLineEditor(kit: Kit) bool {
        return kit.target.query.isNative() and kit.target.result.os.tag != .windows;
    }

    fn sourceFile(kit: Kit, name: []const u8) Build.LazyPath {
        if (std.mem.eql(u8, name, builtin_scenarios)) return kit.scenarios;
        return if (std.mem.eql(u8, name, site_assets)) kit.site_assets else kit.b.path(name);
    }

    fn folder(kit: Kit, name: []const u8) Build.LazyPath {
        if (std.mem.eql(u8, name, uthash)) return kit.uthash.dirname();
        if (std.mem.eql(u8, name, scenario_list)) return kit.scenario_list.dirname();
        if (std.mem.eql(u8, name, mistake_list)) return kit.mistake_list.dirname();
        return kit.b.path(name);
    }

    fn addModule(kit: Kit, part: Part) *Build.Module {
        const module = kit.b.createModule(.{
            .target = kit.target,
            .optimize = kit.optimize,
            .link_libc = true,
        });
        for (part.sees) |name| module.addIncludePath(kit.folder(name));
        for (kit.sources(part)) |source|
            module.addCSourceFile(.{ .file = source.file, .flags = source.flags });
        return module;
    }

    fn addLibrary(kit: Kit, part: Part) *Build.Step.Compile {
        return kit.b.addLibrary(.{ .name = part.name, .root_module = kit.addModule(part) });
    }

    /// A program of one part alone.
    fn addBare(kit: Kit, part: Part) *Build.Step.Compile {
        return kit.b.addExecutable(.{ .name = part.name, .root_module = kit.addModule(part) });
    }

    fn addExecutable(kit: Kit, part: Part, name: []const u8) *Build.Step.Compile {
        const module = kit.addModule(part);
        for (libraries) |library| module.linkLibrary(kit.addLibrary(library));
        const exe = kit.b.addExecutable(.{ .name = name, .root_module = module });
        if (std.mem.eql(u8, part.name, program.name) and kit.hasLineEditor())
            module.linkSystemLibrary("edit", .{ .use_pkg_config = .no });
        // Linux would load others at 16 MB, in the way of the addresses that programs ask for.
        exe.pie = kit.target.result.os.tag == .linux;
        return exe;
    }

    /// Collecting unused sections would drop the table in which Criterion finds its tests.
    fn addTestProgram(kit: Kit, name: []const u8) *Build.Step.Compile {
        const exe = kit.addExecutable(tests, name);
        exe.root_module.linkSystemLibrary("criterion", .{ .use_pkg_config = .no });
        exe.link_gc_sections = false;
        return exe;
    }

    /// The same sources once more, by the system's gcc, which has the sanitizers' libraries.
    fn addSanitizedTestProgram(kit: Kit, name: []const u8) Build.LazyPath {
        return kit.addSanitized(&(.{tests} ++ libraries), &sanitizers, &.{"-lcriterion"}, name);
    }

    /// The emulation layer from many threads, by gcc with its thread sanitizer.
    fn installThreadStress(kit: Kit) *Build.Step.InstallFile {
        const parts = [_]Part{ thread_stress, native, emu };
        const exe = kit.addSanitized(&parts, &thread_sanitizer, &.{"-lpthread"}, "thread_stress");
        return kit.b.addInstallFile(exe, thread_stress_path);
    }

    fn addSanitized(
        kit: Kit,
        parts: []const Part,
        sanitizer: []const []const u8,
        more: []const []const u8,
        name: []const u8,
    ) Build.LazyPath {
        const link = kit.b.addSystemCommand(&.{"gcc"});
        link.addArgs(sanitizer);
        link.setName(kit.b.fmt("link {s} with sanitizers", .{name}));
        for (parts) |part| {
            for (kit.sources(part)) |source|
                link.addFileArg(kit.addSanitizedObject(part, source, sanitizer));
        }
        link.addArgs(more);
        return link.addPrefixedOutputFileArg("-o", name);
    }

    fn addSanitizedObject(
        kit: Kit,
        part: Part,
        source: Source,
        sanitizer: []const []const u8,
    ) Build.LazyPath {
        const compile = kit.b.addSystemCommand(&.{"gcc"});
        compile.setName(kit.b.fmt("compile {s} with sanitizers", .{source.name}));
        compile.addArgs(source.flags);
        compile.addArgs(sanitizer);
        for (part.sees) |name| compile.addPrefixedDirectoryArg("-I", kit.folder(name));
        compile.addArgs(&.{ "-MD", "-MF" });
        _ = compile.addDepFileOutputArg("source.d");
        compile.addArg("-c");
        compile.addFileArg(source.file);
        return compile.addPrefixedOutputFileArg("-o", "source.o");
    }

    /// What a program that uses the emulation layer links: three parts as one object, in which no
    /// name of theirs is in the way of a program's own, and the main for wmain.
    fn addLayer(kit: Kit) Build.LazyPath {
        const merge = kit.b.addSystemCommand(&.{ kit.b.graph.zig_exe, "ar", "qcsL" });
        merge.setName("merge libpagelaw.a");
        const archive = merge.addOutputFileArg("libpagelaw.a");
        if (kit.target.query.isNative() and kit.target.result.os.tag == .linux) {
            merge.addFileArg(kit.addLayerObject());
        } else {
            for ([_]Part{ sdk, native, emu }) |part| merge.addArtifactArg(kit.addLibrary(part));
        }
        merge.addArtifactArg(kit.addLibrary(sdk_main));
        return archive;
    }

    fn addLayerObject(kit: Kit) Build.LazyPath {
        const link = kit.b.addSystemCommand(&.{ "ld", "-r", "--whole-archive" });
        link.setName("link the layer");
        for ([_]Part{ sdk, native, emu }) |part| link.addArtifactArg(kit.addLibrary(part));
        const linked = link.addPrefixedOutputFileArg("-o", "linked.o");
        const hide = kit.b.addSystemCommand(&.{ "objcopy", "--wildcard" });
        hide.setName("hide the layer's own names");
        for (sdk_names) |name| hide.addArg(kit.b.fmt("--keep-global-symbol={s}", .{name}));
        hide.addFileArg(linked);
        return hide.addOutputFileArg("layer.o");
    }
};

/// uthash.h alone, out of the folder of system headers that it lies in.
fn copyUthash(b: *Build) Build.LazyPath {
    const given = b.option([]const u8, "uthash", "The folder that has uthash.h");
    const usual = [_][]const u8{ "/usr/include", "/usr/local/include", "/opt/homebrew/include" };
    const files = b.addWriteFiles();
    for (if (given) |folder| &.{folder} else &usual) |folder| {
        const path = b.pathJoin(&.{ folder, "uthash.h" });
        std.fs.cwd().access(path, .{}) catch continue;
        return files.addCopyFile(.{ .cwd_relative = path }, "uthash.h");
    }
    const fail = b.addFail("no uthash.h: install uthash-dev, or give -Duthash=DIR");
    files.step.dependOn(&fail.step);
    return files.add("uthash.h", "");
}

// The scenarios, and how many tests there are

const Scenario = struct { path: []const u8, text: []const u8 };

fn readScenarios(b: *Build) []const Scenario {
    return walkScenarios(b) catch |err|
        std.debug.panic("cannot read {s}: {s}", .{ scenarios_folder, @errorName(err) });
}

fn walkScenarios(b: *Build) ![]const Scenario {
    var list: std.ArrayList(Scenario) = .empty;
    var dir = try b.build_root.handle.openDir(scenarios_folder, .{ .iterate = true });
    defer dir.close();
    var walker = try dir.walk(b.allocator);
    while (try walker.next()) |entry| {
        if (entry.kind != .file or !std.mem.endsWith(u8, entry.basename, ".va")) continue;
        const path = b.dupe(entry.path);
        std.mem.replaceScalar(u8, path, '\\', '/');
        try list.append(b.allocator, .{
            .path = path,
            .text = try dir.readFileAlloc(b.allocator, path, 1 << 20),
        });
    }
    std.mem.sort(Scenario, list.items, {}, struct {
        fn before(_: void, one: Scenario, other: Scenario) bool {
            return std.mem.lessThan(u8, one.path, other.path);
        }
    }.before);
    return list.items;
}

/// Defines what suite/builtin.h declares. The last entry only keeps the array from being empty.
fn scenarioSource(b: *Build, scenarios: []const Scenario) []const u8 {
    var out: std.Io.Writer.Allocating = .init(b.allocator);
    writeScenarioSource(&out.writer, scenarios) catch @panic("OOM");
    return out.written();
}

fn writeScenarioSource(out: *std.Io.Writer, scenarios: []const Scenario) !void {
    try out.writeAll("#include \"suite/builtin.h\"\n\n");
    try out.print("const size_t builtin_scenario_count = {d};\n", .{scenarios.len});
    try out.writeAll("const struct builtin_scenario builtin_scenarios[] = {\n");
    for (scenarios) |scenario| {
        try out.print("    {{\"{s}\", ", .{scenario.path});
        try writeLiteral(out, scenario.text);
        try out.print(", {d}}},\n", .{scenario.text.len});
    }
    try out.writeAll("    {0, 0, 0},\n};\n");
}

/// Defines what reports/site/assets.h declares.
fn siteAssets(b: *Build) []const u8 {
    var out: std.Io.Writer.Allocating = .init(b.allocator);
    out.writer.writeAll("#include \"assets.h\"\n\n") catch @panic("OOM");
    for ([_][]const u8{ "css", "js" }) |ending| {
        const path = b.fmt("reports/site/site.{s}", .{ending});
        const text = b.build_root.handle.readFileAlloc(b.allocator, path, 1 << 20) catch
            std.debug.panic("cannot read {s}", .{path});
        out.writer.print("const char site_{s}[] = ", .{ending}) catch @panic("OOM");
        writeLiteral(&out.writer, text) catch @panic("OOM");
        out.writer.writeAll(";\n") catch @panic("OOM");
    }
    return out.written();
}

/// A C string literal, a line of it for each line of the text.
fn writeLiteral(out: *std.Io.Writer, text: []const u8) !void {
    try out.writeByte('"');
    for (text, 1..) |byte, length| switch (byte) {
        '\n' => try out.writeAll(if (length < text.len) "\\n\"\n     \"" else "\\n"),
        '"', '\\', '?' => try out.print("\\{c}", .{byte}),
        ' '...'!', '#'...'>', '@'...'[', ']'...'~' => try out.writeByte(byte),
        else => try out.print("\\{o:0>3}", .{byte}),
    };
    try out.writeByte('"');
}

/// SCENARIO(area, name, index, "area/name.va"), a line for each; area and name are identifiers.
fn scenarioList(b: *Build, scenarios: []const Scenario) []const u8 {
    var out: std.Io.Writer.Allocating = .init(b.allocator);
    for (scenarios, 0..) |scenario, index| {
        const area = std.fs.path.dirname(scenario.path) orelse "top";
        const name = std.fs.path.stem(scenario.path);
        out.writer.print("SCENARIO({s}, {s}, {d}, \"{s}\")\n", .{
            identifier(b, area), identifier(b, name), index, scenario.path,
        }) catch @panic("OOM");
    }
    return out.written();
}

fn identifier(b: *Build, words: []const u8) []const u8 {
    const result = b.dupe(words);
    for (result) |*byte| {
        if (!std.ascii.isAlphanumeric(byte.*)) byte.* = '_';
    }
    return result;
}

// The mistakes: each is a change to the reference port, written down like a patch

/// `text` is the file's: lines "key  value", and from the first "@@" on the hunks.
const Mistake = struct { name: []const u8, text: []const u8 };

fn readMistakes(b: *Build) []const Mistake {
    return walkMistakes(b) catch |err|
        std.debug.panic("cannot read {s}: {s}", .{ mistakes_folder, @errorName(err) });
}

fn walkMistakes(b: *Build) ![]const Mistake {
    var list: std.ArrayList(Mistake) = .empty;
    var dir = try b.build_root.handle.openDir(mistakes_folder, .{ .iterate = true });
    defer dir.close();
    var entries = dir.iterate();
    while (try entries.next()) |entry| {
        if (entry.kind != .file or !std.mem.endsWith(u8, entry.name, ".patch")) continue;
        try list.append(b.allocator, .{
            .name = b.dupe(std.fs.path.stem(entry.name)),
            .text = try dir.readFileAlloc(b.allocator, entry.name, 1 << 16),
        });
    }
    std.mem.sort(Mistake, list.items, {}, struct {
        fn before(_: void, one: Mistake, other: Mistake) bool {
            return std.mem.lessThan(u8, one.name, other.name);
        }
    }.before);
    return list.items;
}

/// What a mistake's file says under a key before its hunks.
fn mistakeField(mistake: Mistake, key: []const u8) []const u8 {
    var lines = std.mem.splitScalar(u8, mistake.text, '\n');
    while (lines.next()) |line| {
        if (std.mem.eql(u8, line, "@@")) break;
        if (std.mem.startsWith(u8, line, key)) return std.mem.trim(u8, line[key.len..], " ");
    }
    std.debug.panic("{s}/{s}.patch: no \"{s}\" line", .{ mistakes_folder, mistake.name, key });
}

/// MISTAKE(name, "file", "rules", "areas"), a line for each.
fn mistakeList(b: *Build, mistakes: []const Mistake) []const u8 {
    var out: std.Io.Writer.Allocating = .init(b.allocator);
    for (mistakes) |mistake| {
        out.writer.print("MISTAKE({s}, \"{s}\", \"{s}\", \"{s}\")\n", .{
            identifier(b, mistake.name),    mistake.name,
            mistakeField(mistake, "rules"), mistakeField(mistake, "areas"),
        }) catch @panic("OOM");
    }
    return out.written();
}

/// The reference with a mistake's hunks in it; null if one does not fit.
fn makeMistake(b: *Build, reference: []const u8, mistake: Mistake) ?[]const u8 {
    var text = reference;
    var hunks = std.mem.splitSequence(u8, mistake.text, "\n@@\n");
    _ = hunks.next();
    var count: usize = 0;
    while (hunks.next()) |hunk| : (count += 1) {
        const before = hunkSide(b, hunk, '-');
        if (before.len == 0 or std.mem.count(u8, text, before) != 1) return null;
        const size = std.mem.replacementSize(u8, text, before, hunkSide(b, hunk, '+'));
        const changed = b.allocator.alloc(u8, size) catch @panic("OOM");
        _ = std.mem.replace(u8, text, before, hunkSide(b, hunk, '+'), changed);
        text = changed;
    }
    return if (count == 0) null else text;
}

/// A hunk's lines that begin with a blank or with the sign, without these.
fn hunkSide(b: *Build, hunk: []const u8, sign: u8) []const u8 {
    var out: std.Io.Writer.Allocating = .init(b.allocator);
    var lines = std.mem.splitScalar(u8, hunk, '\n');
    while (lines.next()) |line| {
        if (line.len == 0 or (line[0] != ' ' and line[0] != sign)) continue;
        out.writer.print("{s}\n", .{line[1..]}) catch @panic("OOM");
    }
    return out.written();
}

/// How many tests the sources of one test program declare.
fn countTests(b: *Build, scenarios: usize, mistakes: usize) usize {
    var count: usize = 0;
    for (tests.sources[0].files) |path| {
        const text = b.build_root.handle.readFileAlloc(b.allocator, path, 1 << 24) catch continue;
        var lines = std.mem.splitScalar(u8, text, '\n');
        while (lines.next()) |line| {
            for ([_][]const u8{ "Test(", "Theory(", "ParameterizedTest(" }) |word| {
                if (std.mem.startsWith(u8, line, word)) count += 1;
            }
            if (std.mem.eql(u8, line, "#include \"scenario_list.h\"")) count += scenarios;
            if (std.mem.eql(u8, line, "#include \"mistake_list.h\"")) count += mistakes;
        }
    }
    return count;
}
