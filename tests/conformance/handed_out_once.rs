//! Every source and view, of any shape and under any schedule: what is documented is handed out, once.

use crate::support::watched;
use phalanx::IntoSource;
use phalanx::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::fmt::Debug;
use std::sync::Mutex;

/// What a loop in a region over a part of a view hands out: see `combined`.
macro_rules! in_region {
    ($options:expr, $schedule:expr, $array:expr, |$view:ident| $source:expr, |$item:pat_param, $got:ident| $ids:expr) => {{
        let got = Got::default();
        #[allow(unused_mut, reason = "a part that is only read needs no `mut`")]
        region($options, $array, |cx, mut $view| {
            let $got = &got;
            cx.for_each($schedule, $source, (), |$item, ()| $ids);
        });
        got.sorted()
    }};
}

mod beside;
mod grids;
mod ranges;
mod schedules;
mod tables;

/// Tries `test` with many values.
fn property<S: Strategy + Send + 'static>(strategy: S, test: fn(S::Value))
where
    S::Value: Debug,
{
    watched(move || {
        let config = Config {
            cases: 100,
            failure_persistence: None,
            ..Config::default()
        };
        let ended = TestRunner::new(config).run(&strategy, |value| {
            test(value);
            Ok(())
        });
        if let Err(e) = ended {
            panic!("{e}");
        }
    });
}

/// Any schedule.
fn schedules() -> impl Strategy<Value = Schedule> + Send {
    let chunk = prop_oneof![1usize..20, Just(usize::MAX)];
    (0usize..7, chunk).prop_map(|(kind, c)| {
        [
            Static,
            StaticChunk(c),
            Dynamic(c),
            MonotonicDynamic(c),
            Guided(c),
            Auto,
            Runtime,
        ][kind]
    })
}

/// A team and a schedule.
fn teams() -> impl Strategy<Value = Options> + Send {
    (1usize..9, schedules()).prop_map(|(n, s)| s.num_threads(n))
}

/// A shape of a grid, often a small one.
fn shapes() -> impl Strategy<Value = (usize, usize)> + Send {
    (0usize..14, 0usize..14)
}

/// What the iterations say they got, in order of size.
#[derive(Default)]
struct Got(Mutex<Vec<usize>>);

impl Got {
    fn add(&self, ids: impl IntoIterator<Item = usize>) {
        self.0.lock().unwrap().extend(ids);
    }
    fn sorted(self) -> Vec<usize> {
        let mut all = self.0.into_inner().unwrap();
        all.sort_unstable();
        all
    }
}

/// The elements that a combined loop hands out: each holds its own number.
fn combined<S: IntoSource>(
    options: Options,
    source: S,
    ids: impl Fn(S::Item, &Got) + Sync,
) -> Vec<usize> {
    let got = Got::default();
    parallel_for(options, source, |item| ids(item, &got));
    got.sorted()
}

/// Each element's number, row after row.
fn numbered(rows: usize, cols: usize) -> Grid2<usize> {
    Grid2::from_fn(Static, rows, cols, |i, j| i * cols + j)
}

fn below(n: usize) -> Vec<usize> {
    (0..n).collect()
}

#[test]
fn slices_and_containers() {
    property((teams(), 0usize..200), |(options, n)| {
        let (mut v, want) = (below(n), below(n));
        let mut b = v.clone().into_boxed_slice();
        let mut numa = parallel_map(options, 0..n, |i| i);
        let array: [usize; 30] = std::array::from_fn(|i| i);
        let one = |x: &usize, got: &Got| got.add([*x]);
        let own = |x: &mut usize, got: &Got| got.add([*x]);
        assert_eq!(combined(options, &v, one), want);
        assert_eq!(combined(options, &v[..], one), want);
        assert_eq!(combined(options, v.iter(), one), want);
        assert_eq!(combined(options, &b, one), want);
        assert_eq!(combined(options, &array, one), below(30));
        assert_eq!(combined(options, &mut v, own), want);
        assert_eq!(combined(options, v.iter_mut(), own), want);
        assert_eq!(combined(options, &mut b, own), want);
        assert_eq!(combined(options, &mut numa[..], own), want);
        // What an iterator has yielded already is not handed out.
        let mut rest = v.iter_mut();
        rest.next();
        rest.next_back();
        let middle = below(n)[n.min(1)..n.saturating_sub(1).max(n.min(1))].to_vec();
        assert_eq!(combined(options, rest, own), middle);
        let s = Dynamic(2);
        let region = in_region!(options, s, &mut v, |v| v.items_mut(), |x, got| got
            .add([*x]));
        assert_eq!(region, want);
    });
}

#[test]
fn chunks_zips_and_positions() {
    let values = (teams(), schedules(), 0usize..200, 1usize..40);
    property(values, |(options, schedule, n, size)| {
        let (mut v, mut w, want) = (below(n), below(n), below(n));
        let piece = |k: usize, c: &[usize]| {
            assert_eq!((c[0], c.len()), (k * size, size.min(n - k * size)));
        };
        let source = enumerate(chunks(&v, size));
        let ids = |(k, c): (usize, &[usize]), got: &Got| {
            piece(k, c);
            got.add(c.iter().copied());
        };
        assert_eq!(combined(options, source, ids), want);
        let source = enumerate(chunks_mut(&mut v, size));
        let ids = |(k, c): (usize, &mut [usize]), got: &Got| {
            piece(k, c);
            got.add(c.iter().copied());
        };
        assert_eq!(combined(options, source, ids), want);
        let region = in_region!(
            options,
            schedule,
            &mut v,
            |v| v.chunks_mut(size).enumerate(),
            |(k, c), got| {
                piece(k, c);
                got.add(c.iter().copied());
            }
        );
        assert_eq!(region, want);
        // Parts of a tuple are at the same place.
        let source = ((0..n, &mut v), enumerate(&mut w));
        let ids = |((i, x), (k, y)): ((usize, &mut usize), (usize, &mut usize)), got: &Got| {
            assert!(i == *x && i == *y && i == k);
            got.add([i]);
        };
        assert_eq!(combined(options, source, ids), want);
        let region = in_region!(
            options,
            schedule,
            &mut v,
            |v| (v.items().enumerate(), v.chunks(1), v.items()),
            |((k, x), c, y), got| {
                assert!(k == *x && *c == [k] && std::ptr::eq(x, y));
                got.add([k]);
            }
        );
        assert_eq!(region, want);
        let region = in_region!(
            options,
            schedule,
            (&mut v, &mut w),
            |views| (0..n, views.0.items(), views.1.items_mut()),
            |(i, x, y), got| {
                assert!(i == *x && i == *y);
                got.add([i]);
            }
        );
        assert_eq!(region, want);
    });
}

#[test]
fn strided_elements() {
    let values = (teams(), schedules(), 0usize..200, 0usize..200, 1usize..40);
    property(values, |(options, schedule, n, start, step)| {
        let start = start.min(n);
        let want: Vec<usize> = (start..n).step_by(step).collect();
        let mut v = below(n);
        let got = combined(options, strided(&v, start, step), |x, got| got.add([*x]));
        assert_eq!(got, want);
        let got = combined(options, strided_mut(&mut v, start, step), |x, got| {
            got.add([*x])
        });
        assert_eq!(got, want);
        let got = in_region!(
            options,
            schedule,
            &mut v,
            |v| v.strided_mut(start, step),
            |x, got| got.add([*x])
        );
        assert_eq!(got, want);
        let (low, high) = v.split_at_mut(start);
        let got = combined(options, &mut *high, |x, got| got.add([*x]));
        assert_eq!(got, below(n)[start..]);
        let source = strided_mut(low, 0, step);
        let got = combined(options, source, |x, got| got.add([*x]));
        assert_eq!(got, (0..start).step_by(step).collect::<Vec<_>>());
        let got = in_region!(
            options,
            schedule,
            &mut v,
            |v| v.split_at_mut(start).1.items_mut(),
            |x, got| got.add([*x])
        );
        assert_eq!(got, below(n)[start..]);
    });
}
