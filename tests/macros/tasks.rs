//! Annotated groups and their tasks against sequential twins.

use phalanx::prelude::*;

#[omp]
fn fib(n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let (mut a, mut b) = (0, 0);
    #[taskgroup]
    {
        #[task]
        {
            a = fib(n - 1);
        }
        #[task]
        {
            b = fib(n - 2);
        }
    }
    a + b
}

#[omp]
fn fib_of(tg: &Task<'_>, n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let (mut a, mut b) = (0, 0);
    #[taskgroup]
    {
        #[task]
        {
            a = fib_of(tg, n - 1);
        }
        b = fib_of(tg, n - 2);
    }
    a + b
}

#[test]
fn recursion() {
    assert_eq!(fib(16), 987);
    assert_eq!(taskgroup(|tg| fib_of(tg, 20)), 6765);
}

#[omp]
fn visit<'s>(tg: &Task<'s>, node: u64, seen: &'s Atomic<u64>) {
    seen.add(1);
    for child in [2 * node, 2 * node + 1] {
        if child < 1000 {
            #[task]
            {
                visit(tg, child, seen);
            }
        }
    }
}

#[omp]
fn walk() -> u64 {
    let seen = Atomic::new(0);
    #[taskgroup(handle(tg))]
    {
        visit(tg, 1, &seen);
    }
    seen.into_inner()
}

#[test]
fn a_function_that_submits() {
    assert_eq!(walk(), 999);
}

#[omp]
fn squares(a: &mut [usize]) -> usize {
    let factor = 3;
    let label = String::from("x");
    #[taskgroup]
    {
        for (i, x) in a.iter_mut().enumerate() {
            let text = format!("{label}{i}");
            #[task]
            {
                *x = i * i * factor + text.len();
            }
        }
        if let Some(last) = Some(7) {
            let unused = last;
            #[task(if(unused > 3), final(true), priority(2), untied, mergeable)]
            {
                assert_eq!(format!("{last}"), "7");
            }
        }
    }
    a.iter().sum()
}

#[test]
fn what_is_bound_in_the_group_goes_along() {
    let mut a = vec![0; 100];
    let want: usize = (0..100).map(|i| i * i * 3 + 1 + i.to_string().len()).sum();
    assert_eq!(squares(&mut a), want);
}

#[omp]
fn nested(depth: u32, a: &mut [u64]) {
    if depth == 0 || a.len() < 2 {
        a.iter_mut().for_each(|x| *x += 1);
        return;
    }
    #[taskgroup]
    {
        let (left, right) = a.split_at_mut(a.len() / 2);
        #[task]
        {
            let (first, second) = left.split_at_mut(left.len() / 2);
            // Of the same group: `first` and `second` go along.
            #[task]
            {
                nested(depth - 1, first);
            }
            // A group of the task's own.
            #[taskgroup]
            {
                #[task]
                {
                    nested(depth - 1, second);
                }
            }
            second[0] += 10;
        }
        #[task]
        {
            nested(depth - 1, right);
        }
    }
}

#[test]
fn tasks_in_tasks() {
    let mut a = vec![0; 64];
    nested(3, &mut a);
    assert_eq!(a.iter().filter(|&&x| x % 10 == 1).count(), 64);
    assert!(a[16] == 11);
}

#[omp]
fn clauses(n: u64) -> (u64, String, u64) {
    let sum = Atomic::new(0);
    let text = Lock::new(String::new());
    let (mut step, t);
    step = 5;
    t = 1;
    let label = "x".to_string();
    #[taskgroup]
    {
        for i in 0..n {
            #[task(firstprivate(step, label), private(t))]
            {
                step += i;
                t = step;
                drop(label);
                sum.add(t);
            }
        }
        taskyield!();
        taskwait!();
        text.lock().push_str(&format!("{}", sum.load()));
    }
    step += 1;
    (
        sum.into_inner(),
        text.into_inner(),
        step + t * label.len() as u64,
    )
}

#[test]
fn copies_and_points() {
    let want = (0..10).map(|i| 5 + i).sum::<u64>();
    assert_eq!(clauses(10), (want, want.to_string(), 7));
}

#[omp]
fn search(a: &[u32], wanted: u32) -> (usize, u64) {
    // Iterations of a cancelled task that run on.
    let found = Atomic::new(usize::MAX);
    let after = Atomic::new(0);
    #[taskgroup]
    {
        for (k, part) in a.chunks(16).enumerate() {
            #[task]
            {
                for (j, &x) in part.iter().enumerate() {
                    cancellation_point!(taskgroup);
                    if found.load() / 16 == k {
                        after.add(1);
                    }
                    if x == wanted {
                        found.min(16 * k + j);
                        cancel!(taskgroup);
                    }
                }
            }
        }
    }
    (found.into_inner(), after.into_inner())
}

#[test]
fn cancelled() {
    let a: Vec<u32> = (0..10_000).collect();
    assert_eq!(search(&a, 4321), (4321, 0));
    assert_eq!(search(&a, 20_000), (usize::MAX, 0));
}

#[omp]
fn in_a_region(n: usize) -> Vec<u64> {
    let mut a = vec![0; 100];
    #[parallel(num_threads(n), shared(a))]
    {
        #[single(writes(a))]
        {
            #[taskgroup]
            {
                for (i, x) in a.iter_mut().enumerate() {
                    #[task]
                    {
                        *x = i as u64;
                    }
                }
            }
        }
        #[for_each(disjoint(a))]
        for i in 0..100 {
            let mut twice = 0;
            #[taskgroup]
            {
                #[task]
                {
                    twice += 2 * i as u64;
                }
            }
            a[i] += twice;
        }
    }
    a
}

#[test]
fn groups_in_constructs() {
    let want: Vec<u64> = (0..100).map(|i| 3 * i).collect();
    for n in [1, 2, 4] {
        assert_eq!(in_a_region(n), want);
    }
}
