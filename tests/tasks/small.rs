//! Each way of a task once, small, for Miri:
//! `MIRIFLAGS="-Zmiri-disable-isolation -Zmiri-tree-borrows -Zmiri-ignore-leaks" cargo +nightly miri test --test tasks small::`
//! (crossbeam-epoch keeps to tree borrows, and keeps its garbage at the end).

use phalanx::prelude::*;

#[test]
fn each_way_once() {
    fn sum(task: &Task<'_>, v: &[u64]) -> u64 {
        match v {
            [one] => *one,
            v => {
                let (left, right) = v.split_at(v.len() / 2);
                let (a, b) = task.join(|t| sum(t, left), |t| sum(t, right));
                a + b
            }
        }
    }
    fn count<'s>(task: &Task<'s>, v: &'s mut [u64]) {
        if let Some((first, rest)) = v.split_first_mut() {
            let label = String::from("a closure that is dropped");
            *first += label.len() as u64;
            task.task(move |task| count(task, rest));
        }
    }
    for threads in [1, 2] {
        phalanx::set_num_threads(threads);
        let mut v: Vec<u64> = (0..12).collect();
        let large = [1u64; 9];
        let total = taskgroup(|tg| {
            let (first, second) = v.split_at_mut(6);
            tg.task(move |task| count(task, first));
            tg.task(move |_| second.iter_mut().for_each(|x| *x += large[8]));
            tg.wait();
            sum(tg, &[1, 2, 3, 4, 5, 6, 7])
        });
        assert_eq!(total, 28);
        assert_eq!(v[..2], [25, 26]);
        assert_eq!(v[6..8], [7, 8]);
        let caught = std::panic::catch_unwind(|| {
            taskgroup(|tg| {
                for k in 0..4 {
                    let label = format!("task {k}");
                    tg.task(move |_| assert!(k != 1, "{label}"));
                }
            })
        });
        assert!(caught.is_err());
        region(Options::new().num_threads(threads), &mut v, |cx, mut v| {
            cx.for_each(Dynamic(4), v.items_mut(), (), |x, ()| {
                taskgroup(|tg| tg.task(|_| *x += 1));
            });
            let sum = cx.single(v.whole_mut(), (), |v, ()| taskgroup(|tg| sum(tg, v)));
            assert_eq!(sum, v_sum());
        });
    }
}

/// Of the numbers that `tasks` ends with.
fn v_sum() -> u64 {
    6 * 25 + (0..12).sum::<u64>() + 6 + 12
}
