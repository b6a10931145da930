module huiyin

go 1.26
