//! Environment variables as a user sets them: each case is a process of its own.

use phalanx::prelude::*;
use std::process::Command;

/// Set in the child processes.
const CHILD: &str = "PHALANX_TEST_ENVIRONMENT_CHILD";

/// What a child does: one loop, and a line about itself.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let team = parallel_map(Static, 0..phalanx::max_threads(), |_| {
        (
            phalanx::num_threads(),
            phalanx::thread_num(),
            phalanx::place_num(),
        )
    });
    let sum = parallel_reduce(Runtime, 0..1000u64, ops::Add, 0, |s, i| *s += i);
    assert_eq!(sum, 499_500);
    let nested = parallel_map(Static, 0..1, |_| {
        parallel_map(Static, 0..1, |_| phalanx::num_threads())[0]
    });
    println!(
        "team {} bound {} schedule {} nested {} sum {sum}",
        team[0].0,
        team.iter().filter(|t| t.2.is_some()).count(),
        phalanx::schedule(),
        nested[0],
    );
}

/// Runs the child; returns its line and what it said on stderr.
fn run(variables: &[(&str, &str)]) -> (String, String) {
    let me = std::env::current_exe().unwrap();
    let mut command = Command::new(me);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OMP_") {
            command.env_remove(name);
        }
    }
    let run = command
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(CHILD, "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&run.stdout).into_owned(),
        String::from_utf8_lossy(&run.stderr).into_owned(),
    );
    assert!(run.status.success(), "{variables:?}: {out}{err}");
    let line = out
        .lines()
        .find_map(|l| l.find("team ").map(|at| l[at..].to_owned()));
    (
        line.unwrap_or_else(|| panic!("no line from the child: {out}{err}")),
        err,
    )
}

#[test]
fn the_settings_arrive() {
    let (line, err) = run(&[("OMP_NUM_THREADS", "3"), ("OMP_SCHEDULE", "guided,7")]);
    assert!(
        line.starts_with("team 3 ") && line.contains("schedule guided,7"),
        "{line}"
    );
    assert_eq!(err, "", "nothing is wrong, so nothing is said");
    let (line, _) = run(&[("OMP_NUM_THREADS", "2,3")]);
    assert!(line.contains("nested 3"), "{line}");
    let (line, _) = run(&[("OMP_NUM_THREADS", "2")]);
    assert!(line.contains("nested 1"), "{line}");
    // Lists of more than two levels.
    let (line, _) = run(&[("OMP_NUM_THREADS", "2,4,3")]);
    assert!(line.contains("nested 4"), "{line}");
    for policy in ["active", "passive"] {
        run(&[("OMP_WAIT_POLICY", policy), ("OMP_NUM_THREADS", "4")]);
    }
}

#[test]
fn binding_is_there_when_it_is_asked_for() {
    let (line, err) = run(&[("OMP_NUM_THREADS", "2"), ("OMP_PROC_BIND", "close")]);
    assert!(line.contains("bound 2"), "{line}{err}");
    let (line, _) = run(&[("OMP_NUM_THREADS", "2"), ("OMP_PROC_BIND", "false")]);
    assert!(line.contains("bound 0"), "{line}");
    // Unless it is asked for, only the workers are bound.
    let (line, _) = run(&[("OMP_NUM_THREADS", "2")]);
    assert!(line.contains("bound 1"), "{line}");
}

#[test]
fn bad_values_are_one_line_each_and_never_a_crash() {
    let cases = [
        ("OMP_NUM_THREADS", "-3"),
        ("OMP_NUM_THREADS", "many"),
        ("OMP_PLACES", "{0,"),
        ("OMP_PLACES", "{99999}"),
        ("OMP_PROC_BIND", "sideways"),
        ("OMP_STACKSIZE", "12X"),
        ("OMP_SCHEDULE", "fast,2"),
        ("OMP_WAIT_POLICY", "lazy"),
    ];
    for (name, value) in cases {
        let (_, err) = run(&[(name, value)]);
        let lines: Vec<_> = err.lines().collect();
        assert_eq!(lines.len(), 1, "{name}={value}: {err}");
        assert!(lines[0].contains(name) && lines[0].contains(value), "{err}");
        assert!(lines[0].contains("using"), "{err}");
    }
}

#[test]
fn more_threads_than_allowed_is_said_once() {
    let (line, err) = run(&[("OMP_NUM_THREADS", "50"), ("OMP_THREAD_LIMIT", "5")]);
    assert!(line.starts_with("team 5 "), "{line}");
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(
        err.contains("50 threads") && err.contains("OMP_THREAD_LIMIT"),
        "{err}"
    );
    let (line, _) = run(&[("OMP_THREAD_LIMIT", "1")]);
    assert!(line.starts_with("team 1 "), "{line}");
}

#[test]
fn threads_that_cannot_be_started_are_said() {
    // A stack that no machine has: the first worker fails to start.
    let (line, err) = run(&[("OMP_NUM_THREADS", "4"), ("OMP_STACKSIZE", "3000000G")]);
    assert!(line.starts_with("team 1 "), "{line}");
    assert!(
        err.contains("could not be started") && err.contains("the team has 1"),
        "{err}"
    );
}

#[test]
fn displays_are_in_the_standard_form() {
    let (_, err) = run(&[("OMP_DISPLAY_ENV", "true"), ("OMP_NUM_THREADS", "2")]);
    assert!(
        err.contains("OPENMP DISPLAY ENVIRONMENT BEGIN") && err.contains("OMP_NUM_THREADS = '2'")
    );
    let (_, err) = run(&[
        ("OMP_DISPLAY_AFFINITY", "true"),
        ("OMP_NUM_THREADS", "2"),
        ("OMP_AFFINITY_FORMAT", "I am %n of %N on %A"),
    ]);
    assert!(
        err.contains("I am 0 of 2 on") && err.contains("I am 1 of 2 on"),
        "{err}"
    );
}

#[test]
fn a_misspelled_variable_is_reported() {
    let (line, err) = run(&[("OMP_NUM_THREAD", "3"), ("OMP_NUM_THREADS", "2")]);
    assert!(line.starts_with("team 2 "), "{line}");
    assert!(
        err.contains("OMP_NUM_THREAD is set, and means nothing; OMP_NUM_THREADS does"),
        "{err}"
    );
}

#[test]
fn a_stack_that_cannot_be_had_is_named() {
    let (line, err) = run(&[("OMP_NUM_THREADS", "2"), ("OMP_STACKSIZE", "200000G")]);
    assert!(line.starts_with("team 1 "), "{line}");
    assert!(
        err.contains("with a stack of 214748364800000 bytes"),
        "{err}"
    );
}
