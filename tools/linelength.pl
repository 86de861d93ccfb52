#!/usr/bin/env perl
# Prints lines of Go code and of prose in Markdown that end after column 120; a tab is 4 columns wide. Lines of Go with a
# raw text in them, tables, fenced code and links are left alone. Usage: linelength.pl FILE…
use strict;
use warnings;
binmode STDOUT, ':utf8'; # Debian's perl-base has neither the module open nor Encode

my $found = 0;
for my $name (@ARGV) {
	open my $file, '<:utf8', $name or die "$name: $!\n";
	my $raw = 0;
	while (my $line = <$file>) {
		chomp $line;
		last if $. == 1 && $line =~ /^\/\/ Code generated /;
		my $ticks = () = $line =~ /`/g;
		if ($name =~ /\.md$/) {
			$raw = !$raw if $line =~ /^\s*```/;
			next if $raw || $line =~ /^\s*[|<]/ || $line =~ m{^\S*\s*\S*://\S*$};
		} else {
			my $inside = $raw;
			$raw = !$raw if $ticks % 2 == 1 && $line !~ m{^\s*//};
			next if $inside || $ticks;
		}
		(my $shown = $line) =~ s/\t/    /g;
		next if length $shown <= 120;
		print "$name:$.: ends at column ", length $shown, "\n";
		$found = 1;
	}
}
exit $found;
