create role puerto superuser login;
create database puerto encoding 'UTF8' template template0;
\c puerto
create table barcos (matricula text, nombre text, eslora numeric, armador text);
insert into barcos values ('7-BA-2-110','Gaviota Parda',9.4,'Ríos'),('7-PM-1-042','Tramuntana',14.2,'Ferrer'),('6-HU-3-777','La Coqueta',6.8,'Iglesias'),('7-AL-5-001','Mar de Fondo',22.5,'Naviera Sur'),('5-CU-2-318','Brisa',11.0,'Otero');
create table amarres (codigo text, pantalan int, ocupado boolean, barco text);
insert into amarres values ('A-01',1,true,'Brisa'),('A-02',1,false,null),('C-17',3,true,'Tramuntana'),('D-04',4,true,'Mar de Fondo');
create table usuarios (usuario text, clave text, rol text);
insert into usuarios values ('capitania',md5('faro-rojo-62'),'admin'),('ferrer',md5('tramuntana'),'armador');
create table llaves (servicio text, llave text);
insert into llaves values ('radar','rdk-55-1102-zz'),('combustible','cmb-90-7781-qa');
