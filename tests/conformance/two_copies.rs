//! One place in the program of which the compiler has made two copies: threads that run different copies are
//! in the same construct.

use crate::support::{TEAMS, watched};
use phalanx::prelude::*;
use std::panic::Location;

/// In each of two modules, which are compiled apart.
macro_rules! a_copy {
    ($($name:ident)*) => {$(
        mod $name {
            use phalanx::prelude::*;
            use std::panic::Location;
            pub fn place() -> &'static Location<'static> {
                super::here()
            }
            pub fn walk(cx: &mut Ctx<'_>, sum: &mut u64) {
                super::constructs(cx, sum);
            }
        }
    )*};
}
a_copy! { one two }

#[inline(always)]
#[track_caller]
fn caller() -> &'static Location<'static> {
    Location::caller()
}

#[inline(always)]
fn here() -> &'static Location<'static> {
    caller()
}

#[inline(always)]
fn constructs(cx: &mut Ctx<'_>, sum: &mut u64) {
    for round in 0..50 {
        cx.barrier();
        cx.for_each(Static, 0..8u64, (), |i, ()| *sum += i);
        *sum += cx.single((), (), |(), ()| round);
        cx.for_each(Dynamic(1), 0..8u64, (), |_, ()| ());
        *sum += cx.reduce(Static, 0..8u64, (), ops::Add, 0, |s, i, ()| *s += i);
    }
}

#[test]
fn are_the_same_construct() {
    // In an optimised build there may be one copy after all: then this shows nothing new.
    println!("two copies: {}", !std::ptr::eq(one::place(), two::place()));
    watched(|| {
        for threads in TEAMS {
            let total = Atomic::new(0u64);
            region(Static.num_threads(threads), (), |cx, ()| {
                let mut sum = 0;
                match cx.thread_num() % 2 {
                    0 => one::walk(cx, &mut sum),
                    _ => two::walk(cx, &mut sum),
                }
                total.add(sum);
            });
            let n = threads as u64;
            let each = 50 * 49 / 2 + 50 * 28;
            assert_eq!(total.load(), 50 * 28 + n * each, "{threads} threads");
        }
    });
}
