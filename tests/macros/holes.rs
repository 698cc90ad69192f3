//! Programs that once gave a wrong number, or worse: each must give the sequential answer, or panic.

use phalanx::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a loop that is left early panics with.
fn left_early(f: impl FnOnce()) {
    let e = catch_unwind(AssertUnwindSafe(f)).unwrap_err();
    let text = e.downcast_ref::<String>().map(String::as_str);
    let text = text.or(e.downcast_ref::<&str>().copied()).unwrap_or("");
    assert!(text.contains("left it early"), "{text}");
}

#[test]
fn ranges_across_zero_and_up_to_the_end() {
    #[omp]
    fn values(list: &Mutex<Vec<i64>>) {
        #[parallel_for(num_threads(1))]
        for i in -3i64..=3 {
            if i >= 0 {
                list.lock().unwrap().push(i);
            }
        }
        #[parallel_for(num_threads(2))]
        for i in (-3i64..4).rev() {
            if i > 1 {
                list.lock().unwrap().push(10 * i);
            }
        }
    }
    #[omp]
    fn sums(a: i64, b: i64) -> (i64, f64, usize) {
        let (mut n, mut s, mut u) = (0, 0.0, 0usize);
        #[parallel_for(reduction(+: n))]
        for i in a..=b {
            n += 1 + i - i;
        }
        #[parallel_for(reduction(+: s))]
        for i in a..b {
            s += 1.0 + (i - i) as f64;
        }
        #[parallel_for(reduction(+: u))]
        for i in usize::MAX - 12..=usize::MAX {
            u += 1 + (i - i);
        }
        (n, s, u)
    }
    let list = Mutex::new(Vec::new());
    values(&list);
    let mut list = list.into_inner().unwrap();
    list.sort();
    assert_eq!(list, [0, 1, 2, 3, 20, 30]);
    assert_eq!(sums(-50, 50), (101, 100.0, 13));
}

#[test]
fn continue_inside_a_macros_arguments() {
    #[omp]
    fn count(v: &[Option<f64>]) -> (f64, usize) {
        let (mut s, mut letters) = (0.0, 0);
        #[parallel_for(reduction(+: s, letters))]
        for i in 0..v.len() {
            s += 1.0;
            let text = format!(
                "{}",
                match v[i] {
                    Some(x) => x,
                    None => continue,
                }
            );
            letters += text.len();
        }
        (s, letters)
    }
    let v: Vec<_> = (0..100).map(|i| (i % 2 == 0).then_some(7.0)).collect();
    assert_eq!(count(&v), (100.0, 50));
}

#[test]
fn macros_that_leave_are_caught() {
    macro_rules! stop {
        ($at:expr) => {
            if $at {
                break;
            }
        };
    }
    macro_rules! go {
        ($at:expr) => {
            if $at {
                return;
            }
        };
    }
    #[omp]
    fn broken(ran: &AtomicUsize, n: usize) {
        #[parallel_for]
        for i in 0..n {
            stop!(i == 3);
            ran.fetch_add(1, Ordering::Relaxed);
        }
    }
    #[omp]
    fn returned(ran: &AtomicUsize, n: usize) {
        #[parallel_for(schedule(dynamic, 2))]
        for i in 0..n {
            go!(i == 3);
            ran.fetch_add(1, Ordering::Relaxed);
        }
    }
    let ran = AtomicUsize::new(0);
    left_early(|| broken(&ran, 100));
    left_early(|| returned(&ran, 100));
    // Not reached, so nothing is wrong.
    broken(&ran, 3);
    returned(&ran, 3);
}

#[test]
fn the_head_of_an_inner_loop_belongs_to_the_outer_one() {
    #[omp]
    fn run(o: &[Option<usize>]) -> usize {
        let mut last = 999;
        #[parallel_for(lastprivate(last))]
        for i in 0..o.len() {
            last = i;
            for _ in match o[i] {
                Some(m) => 0..m,
                None => continue,
            } {
                last += 1;
            }
        }
        last
    }
    assert_eq!(run(&[Some(2), None]), 1);
    assert_eq!(run(&[None, Some(2)]), 3);
}

#[test]
fn a_label_may_be_used_again_inside() {
    #[omp]
    fn run() -> usize {
        let mut last = 0;
        #[parallel_for(lastprivate(last))]
        'a: for _ in 0..10 {
            last = 0;
            #[allow(unused_labels)]
            'b: for j in 0..10 {
                if j % 2 == 0 {
                    continue 'b;
                }
                last += 1;
            }
            if last == 99 {
                continue 'a;
            }
        }
        last
    }
    assert_eq!(run(), 5);
}

#[test]
fn a_local_of_the_reduced_name_is_not_the_reduced_one() {
    #[omp]
    fn run(x: &[f64]) -> f64 {
        let mut s = 0.0f64;
        #[parallel_for(reduction(max: s))]
        for _ in 0..4 {
            let row = {
                let mut s = 0.0f64;
                for j in 0..16usize {
                    s += x[j];
                }
                s
            };
            s = s.max(row);
        }
        s
    }
    assert_eq!(run(&[1.0; 16]), 16.0);
}

mod other {
    pub const K: f64 = 2.0;
}

#[test]
#[allow(non_upper_case_globals)]
fn items_of_the_body_hide_what_is_outside() {
    #[omp]
    fn run(x: &[f64], y: &mut [f64]) {
        let k = 5.0f64;
        y[0] = k;
        #[parallel_for(disjoint(y))]
        for i in 1..x.len() {
            const k: f64 = other::K;
            y[i] = k * x[i];
        }
    }
    let mut y = [0.0; 4];
    run(&[1.0; 4], &mut y);
    assert_eq!(y, [5.0, 2.0, 2.0, 2.0]);
}

#[test]
fn statics_in_macros_are_there_once() {
    #[omp]
    fn run() -> f64 {
        let mut s = 0.0;
        #[parallel_for(reduction(+: s), num_threads(1))]
        for _ in 0..10 {
            assert!({
                static C: AtomicUsize = AtomicUsize::new(0);
                s += C.fetch_add(1, Ordering::Relaxed) as f64;
                true
            });
        }
        s
    }
    assert_eq!(run(), 45.0);
}

/// Names of a macro and of its caller that look alike.
#[test]
fn names_from_macros_stay_apart() {
    macro_rules! add {
        ($name:ident, $x:ident) => {
            #[omp]
            fn $name($x: usize) -> usize {
                let x = 1000;
                let mut s = 0;
                #[parallel_for(reduction(+: s))]
                for i in 0..10 {
                    s += x * i + $x * i;
                }
                s
            }
        };
    }
    add! { alike, x }
    add! { unlike, y }
    assert_eq!((alike(2), unlike(2)), (45 * 1002, 45 * 1002));
}

#[test]
fn captures_that_cannot_be_copied_are_compared() {
    #[omp]
    fn run(names: &[String], who: String) -> usize {
        let mut n = 0;
        #[parallel_for(reduction(+: n))]
        for i in 0..names.len() {
            if names[i] == who {
                n += 1;
            }
        }
        n
    }
    let names: Vec<String> = ["a", "b", "a"].map(String::from).into();
    assert_eq!(run(&names, "a".into()), 2);
}

#[test]
fn a_panic_ends_a_long_loop_soon() {
    let r = catch_unwind(|| {
        parallel_for(Static.num_threads(2), 0..1_000_000_000_000usize, |i| {
            if std::hint::black_box(i) == 7 {
                std::panic::resume_unwind(Box::new("seven"));
            }
        });
    });
    assert_eq!(r.unwrap_err().downcast_ref(), Some(&"seven"));
    #[omp]
    fn cheap(n: usize) -> usize {
        let mut s = 0usize;
        #[parallel_for(reduction(+: s), num_threads(2))]
        for i in 0..n {
            s = s.wrapping_add(100 / (i ^ 7));
        }
        s
    }
    assert!(catch_unwind(|| cheap(1_000_000_000_000)).is_err());
}

/// Leaves the block that it stands in; of a function's it would leave the function.
macro_rules! leave_if {
    ($condition:expr) => {
        if $condition {
            return;
        }
    };
}

static TOTAL: Critical<u64> = Critical::new(0);

#[omp]
fn leaves(construct: &str) {
    let here = Critical::new(0);
    match construct {
        "critical" => {
            #[critical(here)]
            {
                leave_if!(*here == 0);
                *here = 1;
            }
        }
        "single" => {
            #[parallel(num_threads(2))]
            {
                #[single]
                {
                    leave_if!(true);
                }
            }
        }
        "masked" => {
            #[parallel(num_threads(2))]
            {
                #[masked]
                {
                    leave_if!(true);
                }
            }
        }
        "sections" => {
            #[parallel(num_threads(2))]
            {
                #[sections]
                {
                    #[section]
                    {
                        leave_if!(true);
                    }
                }
            }
        }
        _ => {
            #[parallel(num_threads(2))]
            {
                leave_if!(true);
            }
        }
    }
}

#[test]
fn a_return_that_a_macro_hides_is_noticed() {
    for construct in ["critical", "single", "masked", "sections", "parallel"] {
        let payload = std::panic::catch_unwind(|| leaves(construct)).expect_err("it panics");
        let text = payload.downcast::<String>().expect("a text");
        let name = construct.strip_suffix('s').filter(|n| *n == "section");
        let name = name.unwrap_or(construct);
        let expected = format!("the block of `#[{name}]`");
        assert!(
            text.contains(&expected) && text.contains("left early"),
            "{text}"
        );
    }
}

#[omp]
fn counts_in_a_static() {
    #[parallel(num_threads(3))]
    {
        #[critical(TOTAL)]
        {
            *TOTAL += 1;
            assert!(*TOTAL > 0, "{}", *TOTAL);
        }
    }
}

#[test]
fn a_critical_may_be_a_static() {
    counts_in_a_static();
    assert_eq!(TOTAL.with(|n| *n), 3);
}
