//! Constructs inside constructs where the team's threads would not all meet.
use phalanx::prelude::*;

#[omp]
fn inside_loops(a: &mut [f64], total: &Critical<f64>) {
    #[parallel(shared(a))]
    {
        #[for_each(disjoint(a))]
        for i in 0..10 {
            a[i] = 1.0;
            #[single]
            {
                println!("once");
            }
        }
        #[for_each]
        for i in 0..10 {
            #[for_each(disjoint(a))]
            for j in i..10 {
                a[j] = 1.0;
            }
        }
        #[critical(total)]
        {
            *total += 1.0;
            barrier!();
            #[for_each]
            for _ in 0..10 {}
        }
    }
}

#[omp]
fn inside_blocks() {
    #[parallel]
    {
        #[masked]
        {
            #[sections]
            {
                #[section]
                {
                    barrier!();
                }
            }
        }
        #[sections]
        {
            #[section]
            {
                barrier!();
            }
        }
        #[nowait]
        {
            #[masked]
            {
                println!("first");
            }
            #[nowait]
            {}
        }
        #[barrier]
        {}
    }
}

#[omp]
fn ordered_parts(log: &mut String, total: &Critical<f64>) {
    #[parallel(shared(log))]
    {
        #[for_each]
        for i in 0..10 {
            #[ordered]
            {
                println!("{i}");
            }
        }
        #[for_each(ordered, writes(log))]
        for i in 0..10 {
            #[critical(total)]
            {
                *total += 1.0;
                #[ordered]
                {
                    log.push_str(&format!("{i}"));
                }
            }
        }
        #[for_each(ordered, writes(log))]
        for _ in 0..10 {
            #[ordered(writes(log))]
            {
                log.push('x');
                #[ordered]
                {
                    log.push('y');
                }
            }
        }
    }
    #[ordered]
    {
        println!("outside");
    }
    #[section]
    {
        println!("outside");
    }
}

fn main() {}
