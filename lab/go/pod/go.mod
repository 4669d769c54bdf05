module civitas.local/lab/pod

go 1.24.0
