//! Where a panic says that it happened: at the user's own line, not at `#[omp]` or inside of the library.

use phalanx::prelude::*;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    /// The line of the thread's last panic, if that was in this file.
    static LINE: Cell<Option<u32>> = const { Cell::new(None) };
}

/// The line at which `f` panics on this thread, and the message.
fn panics(f: impl FnOnce()) -> (Option<u32>, String) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let here = info.location().filter(|l| l.file() == file!());
            LINE.set(here.map(|l| l.line()));
            before(info);
        }));
    });
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("must panic");
    let text = payload.downcast_ref::<&str>().map(|s| (*s).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    (LINE.get(), text.unwrap_or_default())
}

/// The line of this file below that mark.
fn marked(mark: &str) -> u32 {
    let mark = format!("// {mark}");
    let text = include_str!("places.rs");
    let at = text.lines().position(|line| line.trim() == mark);
    at.expect("a line with the mark") as u32 + 2
}

#[omp]
fn another_element(y: &mut [u32], to: &[usize]) {
    #[parallel_for(disjoint(y), num_threads(1))]
    for i in 0..to.len() {
        // element
        y[to[i]] = 1;
    }
}

#[omp]
fn no_chunk(y: &mut [u32], chunk: usize) {
    #[parallel_for(schedule(dynamic, chunk))]
    // chunk
    for y in y {
        *y = 1;
    }
}

#[omp]
fn unequal(y: &mut [u32], x: &[u32]) {
    #[parallel_for]
    // zipped
    for (y, x) in (y, x) {
        *y = *x;
    }
}

#[test]
fn loops() {
    let mut y = vec![0; 4];
    let at = |(line, _): (Option<u32>, String)| line;
    let element = panics(|| another_element(&mut y, &[1]));
    assert_eq!(at(element), Some(marked("element")));
    assert_eq!(at(panics(|| no_chunk(&mut y, 0))), Some(marked("chunk")));
    let zipped = panics(|| unequal(&mut y, &[1]));
    assert_eq!(at(zipped), Some(marked("zipped")));
}

#[omp]
fn one_waits() {
    // region
    #[parallel(num_threads(2))]
    {
        if thread_num() == 0 {
            // barrier
            barrier!();
        }
    }
}

#[omp]
fn two_loops(y: &mut [u32]) {
    #[parallel(num_threads(2), shared(y))]
    {
        if thread_num() == 0 {
            #[for_each(disjoint(y))]
            // first
            for i in 0..4 {
                y[i] = 1;
            }
        } else {
            #[for_each(disjoint(y))]
            // second
            for i in 0..4 {
                y[i] = 2;
            }
        }
    }
}

#[test]
fn threads_that_do_not_meet() {
    let both = |(_, text): (Option<u32>, String), marks: [&str; 2]| {
        for mark in marks {
            let place = format!("{}:{}:", file!(), marked(mark));
            assert!(text.contains(&place), "{place} in: {text}");
        }
    };
    both(panics(one_waits), ["region", "barrier"]);
    let mut y = vec![0; 4];
    both(panics(|| two_loops(&mut y)), ["first", "second"]);
}

#[omp]
fn same_object(v: &mut [u32], k: usize) {
    #[taskgroup]
    {
        // task
        #[task(depend(in: v[k], inout: v[0]))]
        {
            v[0] = v[k];
        }
    }
}

#[test]
fn tasks() {
    let mut v = vec![1; 4];
    same_object(&mut v, 1);
    let (line, text) = panics(|| same_object(&mut v, 0));
    assert!(text.contains("the same object twice"), "{text}");
    assert_eq!(line, Some(marked("task")));
}
