//! Nothing here is certain to be wrong, though it looks like it.

use phalanx::prelude::*;

#[omp]
fn words_are_no_names() -> i32 {
    let (mut i, mut n) = (0, 0);
    #[taskgroup]
    {
        #[task]
        {
            i = 1;
        }
        #[task]
        {
            println!("not the i that was written: {{i}} {}", 3);
            n += 1;
        }
    }
    i + n
}

#[omp]
fn one_of_two(which: Option<i32>) -> i32 {
    let mut x = 0;
    #[taskgroup]
    {
        match which {
            Some(y) => {
                #[task]
                {
                    x = y;
                }
            }
            None => {
                #[task]
                {
                    x = 2;
                }
            }
        }
    }
    x
}

#[omp]
fn only_once(list: &[i32]) -> i32 {
    let mut found = 0;
    #[taskgroup]
    {
        for &x in list {
            if x > 2 {
                #[task]
                {
                    found = x;
                }
                break;
            }
        }
    }
    found
}

#[omp]
fn a_field_each(p: &mut (i32, i32)) {
    #[taskgroup]
    {
        #[task]
        {
            p.0 = 1;
        }
        #[task]
        {
            p.1 = 2;
        }
    }
}

#[omp]
fn a_name_in_a_task() -> i32 {
    let mut x = 1;
    #[taskgroup]
    {
        #[task]
        {
            x = 2;
        }
        #[task]
        {
            let mut x = 3;
            x += 1;
            println!("{x}");
        }
        let x = 5;
        #[task]
        {
            println!("{x}");
        }
    }
    x
}

fn main() {
    let mut p = (0, 0);
    a_field_each(&mut p);
    let all = [words_are_no_names(), one_of_two(Some(4)), only_once(&[1, 2, 3, 4]), a_name_in_a_task()];
    assert_eq!((p, all), ((1, 2), [2, 4, 3, 2]));
}
