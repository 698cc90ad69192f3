//! Ranges of every integer type, up and down, in steps.

use super::{property, teams};
use phalanx::IntoSource;
use phalanx::prelude::*;
use proptest::prelude::*;
use std::sync::Mutex;

/// Ranges of one type of integer, wherever they begin, against std's iterators.
macro_rules! ranges {
    ($($name:ident: $t:ty;)*) => {$(
        #[test]
        fn $name() {
            let starts = prop_oneof![any::<$t>(), Just(<$t>::MIN), Just(<$t>::MAX), Just(<$t>::MAX - 3)];
            property((teams(), starts, 0u8..100, 1usize..30), |(options, start, len, step)| {
                let end = start.saturating_add(len.min(127) as $t);
                let same = |got: Vec<$t>, mut want: Vec<$t>| {
                    want.sort_unstable();
                    assert_eq!(got, want);
                };
                macro_rules! check {
                    ($range:expr) => {{
                        let seen = Mutex::new(Vec::new());
                        parallel_for(options, $range, |i| seen.lock().unwrap().push(i));
                        let mut got = seen.into_inner().unwrap();
                        got.sort_unstable();
                        same(got, $range.collect());
                    }};
                }
                check!(start..end);
                check!(start..=end);
                check!((start..end).rev());
                check!((start..=end).rev());
                check!((start..end).step_by(step));
                check!((start..=end).step_by(step));
                check!((start..end).rev().step_by(step));
                check!((start..=end).rev().step_by(step));
                let seen = Mutex::new(Vec::new());
                region(options, (), |cx, ()| {
                    cx.for_each(Dynamic(1), start..end, (), |i, ()| seen.lock().unwrap().push(i));
                    let backwards = (start..=end).into_source().rev().step_by(step);
                    cx.for_each(Static, backwards, (), |i, ()| seen.lock().unwrap().push(i));
                });
                let mut got = seen.into_inner().unwrap();
                got.sort_unstable();
                same(got, (start..end).chain((start..=end).rev().step_by(step)).collect());
            });
        }
    )*};
}
ranges! {
    ranges_of_usize: usize; ranges_of_isize: isize;
    ranges_of_u8: u8; ranges_of_u16: u16; ranges_of_u32: u32; ranges_of_u64: u64; ranges_of_u128: u128;
    ranges_of_i8: i8; ranges_of_i16: i16; ranges_of_i32: i32; ranges_of_i64: i64; ranges_of_i128: i128;
}
