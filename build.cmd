:<<"::THE_REST_IS_FOR_SH"
@echo off
rem One file for cmd.exe (down to the line of two colons) and for sh (from there on). It only strings ordinary commands together.
setlocal
cd /d "%~dp0"
set "rest="
for /f "tokens=1,*" %%a in ("%*") do set "rest=%%b"
dotnet --version >nul 2>nul
if errorlevel 1 (echo Soundings needs the .NET 10 SDK: https://dotnet.microsoft.com/download& exit /b 2)
if "%~1"=="run"   (dotnet run --project companion -c Release -- serve %rest% & exit /b)
if "%~1"=="bench" (dotnet run --project companion -c Release -- bench %rest% & exit /b)
node --version >nul 2>nul
if errorlevel 1 (echo The commands test, try and pack need Node 20 or newer: https://nodejs.org& exit /b 2)
if "%~1"=="test"  (call npm ci --prefix tests --loglevel=error && node tests/run.mjs %rest% & exit /b)
if "%~1"=="try"   (call npm ci --prefix tests --loglevel=error && node tests/try.mjs %rest% & exit /b)
if "%~1"=="pack"  (call npm ci --prefix tests --loglevel=error && node tests/pack.mjs %rest% & exit /b)
echo usage: build.cmd run ^| test ^| try ^| bench ^| pack
exit /b 2
::THE_REST_IS_FOR_SH
set -e
cd "$(dirname "$0")"
verb=${1:-}
[ $# -eq 0 ] || shift
command -v dotnet >/dev/null || { echo "Soundings needs the .NET 10 SDK: https://dotnet.microsoft.com/download" >&2; exit 2; }
case $verb in
run)   exec dotnet run --project companion -c Release -- serve "$@" ;;
bench) exec dotnet run --project companion -c Release -- bench "$@" ;;
test|try|pack) ;;
*)     echo "usage: ./build.cmd run | test | try | bench | pack" >&2; exit 2 ;;
esac
command -v node >/dev/null || { echo "The commands test, try and pack need Node 20 or newer: https://nodejs.org" >&2; exit 2; }
[ tests/node_modules/.package-lock.json -nt tests/package-lock.json ] || npm ci --prefix tests --loglevel=error
case $verb in
test)  exec node tests/run.mjs "$@" ;;
*)     exec node "tests/$verb.mjs" "$@" ;;
esac
