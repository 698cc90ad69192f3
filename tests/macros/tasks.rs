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
